#!/usr/bin/env python3
"""Exports a PyTorch model for ait4j: model.pt, model.pt2 and io.safetensors.

From Python:

    from export_model import export
    export(model, (torch.randn(1, 3, 224, 224),), "out/resnet18")

From a shell, with a module's or file's attribute that is a torch.nn.Module, or a function without
parameters that returns one (or returns a pair: the module and a tuple of its inputs):

    python3 export_model.py torchvision.models:resnet18 --input 'float32[1,3,224,224]' -o out/resnet18
    python3 export_model.py my_nets.py:build -o out/mine

The folder then holds
    model.pt         TorchScript: a trace in eval mode, or the scripted module with --script
    model.pt2        torch.export's program
    io.safetensors   input0, input1, ... and output0, output1, ... of the eager model, on the CPU
and `./ait4j verify out` converts, runs and compares it. Needs PyTorch 2.5 or later, and nothing else.
"""

import argparse
import copy
import ctypes
import importlib
import importlib.util
import json
import re
import struct
import sys
from pathlib import Path

import torch
from torch.utils import _pytree as pytree

SAFETENSORS_NAMES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


class ExportError(Exception):
    """What could not be exported, why, and what to do about it."""


def export(model, example_inputs, out_dir, *, script=False, formats=("pt", "pt2")):
    """Writes the model, and its outputs for the example inputs, into out_dir.

    model           a torch.nn.Module; it is copied to the CPU and switched to eval mode
    example_inputs  a tensor or a tuple of tensors, passed by position; their sizes become the
                    model's sizes
    script          write model.pt by torch.jit.script, which keeps data-dependent control flow,
                    rather than by torch.jit.trace; torch.export has no such way, so that formats
                    should then be ("pt",)
    formats         of "pt" and "pt2"

    Raises ExportError. Returns the paths written.
    """
    inputs = (example_inputs,) if isinstance(example_inputs, torch.Tensor) else tuple(example_inputs)
    for i, value in enumerate(inputs):
        if not isinstance(value, torch.Tensor):
            raise ExportError(
                f"input {i} is a {type(value).__name__}, not a tensor: wrap the model in a module "
                "whose forward takes tensors only and fills in the rest"
            )
    inputs = tuple(value.detach().cpu().contiguous() for value in inputs)
    model = copy.deepcopy(model).cpu().eval()
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)

    with torch.no_grad():
        outputs = _outputs(model, inputs, "the model")
        written = []
        if "pt" in formats:
            program = _torchscript(model, inputs, script)
            _compare(program, inputs, outputs, "the scripted" if script else "the traced")
            torch.jit.save(program, str(out_dir / "model.pt"))
            written.append(out_dir / "model.pt")
        if "pt2" in formats:
            exported = _exported(model, inputs)
            _compare(exported.module(), inputs, outputs, "torch.export's")
            torch.export.save(exported, str(out_dir / "model.pt2"))
            written.append(out_dir / "model.pt2")

    recorded = {f"input{i}": value for i, value in enumerate(inputs)}
    recorded.update((f"output{i}", value) for i, value in enumerate(outputs))
    write_safetensors(recorded, out_dir / "io.safetensors")
    return written + [out_dir / "io.safetensors"]


def write_safetensors(tensors, path):
    """Writes tensors by name: header length, header as JSON, then the values in that order."""
    header, parts, offset = {}, [], 0
    for name, tensor in tensors.items():
        if tensor.dtype not in SAFETENSORS_NAMES:
            raise ExportError(
                f"{name} is {tensor.dtype}, which safetensors files cannot hold: convert it inside "
                "the model (a complex tensor by torch.view_as_real)"
            )
        tensor = tensor.detach().cpu().contiguous()
        size = tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": SAFETENSORS_NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + size],
        }
        parts.append(ctypes.string_at(tensor.data_ptr(), size) if size else b"")
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the values begin aligned
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        file.writelines(parts)


def _outputs(model, inputs, who):
    """The output tensors in order. The model gets copies, since it may write to its inputs."""
    try:
        result = model(*(value.clone() for value in inputs))
    except Exception as error:
        shapes = ", ".join(f"{str(v.dtype)[6:]}{list(v.shape)}" for v in inputs)
        raise ExportError(f"{who} does not run on ({shapes}): {error}") from error
    leaves = pytree.tree_leaves(result)
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, torch.Tensor):
            raise ExportError(
                f"output {i} of {who} is a {type(leaf).__name__}, not a tensor: wrap the model in a "
                "module that returns a tensor or a tuple of tensors"
            )
    return [leaf.detach().contiguous() for leaf in leaves]


def _torchscript(model, inputs, script):
    try:
        return torch.jit.script(model) if script else torch.jit.trace(model, inputs)
    except Exception as error:
        hint = (
            "torch.jit.script takes a subset of Python; a trace (no --script) does not read the source"
            if script
            else "a trace needs tensors, or tuples of tensors, in and out"
        )
        raise ExportError(f"TorchScript cannot hold this model ({hint}): {error}") from error


def _exported(model, inputs):
    try:
        return torch.export.export(model, inputs)
    except Exception as error:
        raise ExportError(
            "torch.export cannot capture this model (often because control flow depends on values); "
            f"model.pt alone is enough for ait4j: --format pt. {error}"
        ) from error


def _compare(program, inputs, expected, which):
    """A capture that computes something else than the model is worthless: say so now."""
    actual = _outputs(program, inputs, f"{which} model")
    if len(actual) != len(expected):
        raise ExportError(f"{which} model returns {len(actual)} tensors, the model {len(expected)}")
    for i, (a, e) in enumerate(zip(actual, expected)):
        try:
            torch.testing.assert_close(a, e, rtol=1e-3, atol=1e-4, equal_nan=True)
        except AssertionError as error:
            raise ExportError(
                f"output {i} of {which} model differs from the model's, so that it depends on chance "
                f"or on what the capture has frozen: {error}"
            ) from error


def _parse_input(text, generator):
    """A random tensor from float32[1,3,224,224], or int64[1,16]:30522 for integers below 30522."""
    match = re.fullmatch(r"(\w+)\[([\d, ]*)\](?::(\d+))?", text)
    dtype = getattr(torch, match[1], None) if match else None
    if dtype not in SAFETENSORS_NAMES:
        raise ExportError(f"--input {text} is no input: write float32[1,3,224,224] or int64[1,16]:30522")
    shape = [int(size) for size in match[2].split(",") if size.strip()]
    if dtype.is_floating_point:
        return torch.randn(shape, generator=generator).to(dtype)
    if match[3] is None and dtype != torch.bool:
        raise ExportError(f"--input {text} needs a bound for its values: {text}:30522 for 0 to 30521")
    return torch.randint(0, int(match[3] or 2), shape, generator=generator).to(dtype)


def _load(name):
    """The attribute of 'package.module:attribute' or 'file.py:attribute', called if it is no module."""
    place, _, attribute = name.rpartition(":")
    if not place:
        raise ExportError(f"{name} names no model: write package.module:attribute or file.py:attribute")
    try:
        if place.endswith(".py"):
            spec = importlib.util.spec_from_file_location(Path(place).stem, place)
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
        else:
            sys.path.insert(0, "")
            module = importlib.import_module(place)
        found = getattr(module, attribute)
    except (ImportError, OSError, AttributeError) as error:
        raise ExportError(f"{name} cannot be loaded: {error}") from error
    made = found if isinstance(found, torch.nn.Module) else found()
    model, inputs = made if isinstance(made, tuple) else (made, None)
    if not isinstance(model, torch.nn.Module):
        raise ExportError(f"{name} is a {type(model).__name__}, not a torch.nn.Module")
    return model, inputs


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Exports a PyTorch model for ait4j.")
    parser.add_argument("model", help="package.module:attribute or file.py:attribute")
    parser.add_argument("--input", action="append", default=[], metavar="SPEC",
                        help="float32[1,3,224,224], or int64[1,16]:30522 for values below 30522; repeat")
    parser.add_argument("-o", "--out", required=True, help="folder to write")
    parser.add_argument("--script", action="store_true", help="torch.jit.script rather than a trace")
    parser.add_argument("--format", choices=["pt", "pt2", "both"], default="both")
    options = parser.parse_args(arguments)
    try:
        torch.manual_seed(0)
        model, inputs = _load(options.model)
        if options.input:
            generator = torch.Generator().manual_seed(0)
            inputs = tuple(_parse_input(text, generator) for text in options.input)
        if inputs is None:
            raise ExportError(f"{options.model} comes without inputs: add --input 'float32[1,3,224,224]'")
        formats = ("pt", "pt2") if options.format == "both" else (options.format,)
        for path in export(model, inputs, options.out, script=options.script, formats=formats):
            print(f"{path}  {path.stat().st_size} bytes")
    except (ExportError, OSError) as error:
        print(f"export_model: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
