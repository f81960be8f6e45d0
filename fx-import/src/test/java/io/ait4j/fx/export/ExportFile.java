package io.ait4j.fx.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.archive.Zips;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small {@code .pt2} archives as {@code torch.export.save} does. */
final class ExportFile {
  static final ObjectMapper JSON = new ObjectMapper();

  /** The whole program; tests may change it before writing. */
  final ObjectNode program = object();

  /** Entries of the archive by their names below its root; tests may change them. */
  final Map<String, byte[]> entries = new LinkedHashMap<>();

  String root = "model/";
  final ObjectNode graph = object();
  private final ArrayNode inputSpecs = JSON.createArrayNode();
  private final ArrayNode outputSpecs = JSON.createArrayNode();
  final ObjectNode weights = object();
  final ObjectNode constants = object();

  ExportFile() {
    for (String list : List.of("inputs", "outputs", "nodes")) {
      graph.putArray(list);
    }
    for (String table :
        List.of("tensor_values", "sym_int_values", "sym_bool_values", "custom_obj_values")) {
      graph.putObject(table);
    }
    graph.put("is_single_tensor_return", false);
    ObjectNode module = program.putObject("graph_module");
    module.set("graph", graph);
    ObjectNode signature = module.putObject("signature");
    signature.set("input_specs", inputSpecs);
    signature.set("output_specs", outputSpecs);
    module.putArray("module_call_graph");
    program.putObject("opset_version").put("aten", 10);
    program.putObject("range_constraints");
    program.putObject("schema_version").put("major", 8).put("minor", 17);
    program.putArray("verifiers").add("TRAINING");
    program.put("torch_version", "2.11.0");
    program.putArray("guards_code");
    entries.put("archive_format", text("pt2"));
    entries.put("archive_version", text("0"));
    entries.put("byteorder", text("little"));
    entries.put(".data/version", text("6"));
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('`', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code s0} in sympy's notation. */
  static String symbol(String name) {
    return "Symbol('" + name + "', positive=True, integer=True)";
  }

  /** A size: a number, or sympy's text. */
  static ObjectNode size(Object size) {
    return size instanceof Number n
        ? object().put("as_int", n.longValue())
        : object().set("as_expr", object().put("expr_str", size.toString()));
  }

  /** A dense float32 tensor's type; row-major for sizes that are numbers, else as given later. */
  static ObjectNode tensor(int dtype, Object... sizes) {
    ObjectNode meta = object().put("dtype", dtype);
    ArrayNode all = meta.putArray("sizes");
    ArrayNode strides = meta.putArray("strides");
    for (Object s : sizes) {
      all.add(size(s));
    }
    Object[] step = new Object[sizes.length];
    Object product = 1L;
    for (int i = sizes.length - 1; i >= 0; i--) {
      step[i] = product;
      product = times(product, sizes[i]);
    }
    for (Object s : step) {
      strides.add(size(s));
    }
    meta.put("requires_grad", false).put("layout", 7);
    meta.set("device", json("{`type`:`cpu`,`index`:null}"));
    meta.set("storage_offset", size(0));
    return meta;
  }

  private static Object times(Object a, Object b) {
    return a instanceof Number x && b instanceof Number y
        ? (Object) (x.longValue() * y.longValue())
        : "Mul(" + term(a) + ", " + term(b) + ")";
  }

  private static String term(Object a) {
    return a instanceof Number n ? "Integer(" + n + ")" : a.toString();
  }

  ExportFile value(String name, Object... sizes) {
    return typed(name, 7, sizes);
  }

  ExportFile typed(String name, int dtype, Object... sizes) {
    ((ObjectNode) graph.get("tensor_values")).set(name, tensor(dtype, sizes));
    return this;
  }

  ExportFile input(String name, Object... sizes) {
    return typedInput(name, 7, sizes);
  }

  ExportFile typedInput(String name, int dtype, Object... sizes) {
    typed(name, dtype, sizes);
    placeholder(name);
    inputSpecs.addObject().putObject("user_input").set("arg", reference(name));
    return this;
  }

  ExportFile inputSpec(String json) {
    inputSpecs.add(json(json));
    return this;
  }

  private void placeholder(String name) {
    ((ArrayNode) graph.get("inputs")).add(reference(name));
  }

  static ObjectNode reference(String name) {
    return object().set("as_tensor", object().put("name", name));
  }

  /** A parameter with elements of its own. */
  ExportFile parameter(String name, String path, float[] elements, Object... sizes) {
    String entry = "weight_" + weights.size();
    entries.put("data/weights/" + entry, Zips.floats(elements));
    return stored("parameter", name, path, weights, entry, tensor(7, sizes));
  }

  ExportFile buffer(String name, String path, float[] elements, Object... sizes) {
    String entry = "weight_" + weights.size();
    entries.put("data/weights/" + entry, Zips.floats(elements));
    return stored("buffer", name, path, weights, entry, tensor(7, sizes));
  }

  /**
   * @param table {@link #weights} or {@link #constants}
   */
  ExportFile stored(
      String kind, String name, String path, ObjectNode table, String entry, ObjectNode meta) {
    ((ObjectNode) graph.get("tensor_values")).set(name, meta.deepCopy());
    placeholder(name);
    ObjectNode spec = inputSpecs.addObject().putObject(kind);
    spec.putObject("arg").put("name", name);
    spec.put(kind + "_name", path);
    if (kind.equals("buffer")) {
      spec.put("persistent", table == weights);
    }
    ObjectNode payload = table.putObject(path);
    payload.put("path_name", entry).put("is_param", kind.equals("parameter"));
    payload.put("use_pickle", false).set("tensor_meta", meta);
    return this;
  }

  /**
   * Adds a node.
   *
   * @param inputs {@code name=json} with backquotes for quotes, or {@code name=%value} for a tensor
   * @param outputs names of tensors, or arguments in JSON
   */
  ExportFile node(String target, List<String> inputs, String... outputs) {
    add(graph, target, inputs, outputs);
    return this;
  }

  /** The same in a graph of a higher-order operator. */
  static ObjectNode add(ObjectNode graph, String target, List<String> inputs, String... outputs) {
    ObjectNode node = ((ArrayNode) graph.get("nodes")).addObject().put("target", target);
    ArrayNode args = node.putArray("inputs");
    for (String input : inputs) {
      int equals = input.indexOf('=');
      String value = input.substring(equals + 1);
      ObjectNode arg = args.addObject().put("name", input.substring(0, equals));
      arg.set("arg", value.startsWith("%") ? reference(value.substring(1)) : json(value));
      arg.put("kind", 1);
    }
    ArrayNode results = node.putArray("outputs");
    for (String output : outputs) {
      results.add(output.startsWith("{") ? json(output) : reference(output));
    }
    node.putObject("metadata")
        .put(
            "stack_trace",
            "File \"/home/me/net.py\", line 7, in forward\n    y = f(x)\n"
                + "  File \"/x/site-packages/torch/nn/functional.py\", line 9, in f\n    return g()")
        .put("nn_module_stack", "L__self__,,Net;L__self__a,a.b,torch.nn.Linear");
    return node;
  }

  /** A graph of a higher-order operator, with inputs and outputs that are float32 tensors. */
  static ObjectNode subgraph(Map<String, Object[]> values, List<String> inputs, String output) {
    ObjectNode graph = object();
    for (String list : List.of("inputs", "outputs", "nodes")) {
      graph.putArray(list);
    }
    for (String table : List.of("tensor_values", "sym_int_values", "sym_bool_values")) {
      graph.putObject(table);
    }
    values.forEach(
        (name, sizes) -> ((ObjectNode) graph.get("tensor_values")).set(name, tensor(7, sizes)));
    inputs.forEach(i -> ((ArrayNode) graph.get("inputs")).add(reference(i)));
    ((ArrayNode) graph.get("outputs")).add(reference(output));
    return graph;
  }

  static String graphArgument(ObjectNode graph) {
    return object().set("as_graph", object().put("name", "body").set("graph", graph)).toString();
  }

  ExportFile size(String name, Object value) {
    ((ObjectNode) graph.get("sym_int_values")).set(name, size(value));
    return this;
  }

  ExportFile truth(String name, String expression) {
    ((ObjectNode) graph.get("sym_bool_values")).set(name, size(expression));
    return this;
  }

  ExportFile bounds(String symbol, Long min, Long max) {
    ((ObjectNode) program.get("range_constraints"))
        .putObject(symbol)
        .put("min_val", min)
        .put("max_val", max);
    return this;
  }

  ExportFile output(String name) {
    return outputSpec("{`user_output`:{`arg`:" + reference(name) + "}}", name);
  }

  ExportFile outputSpec(String spec, String name) {
    ((ArrayNode) graph.get("outputs")).add(reference(name));
    outputSpecs.add(json(spec));
    return this;
  }

  Path write(Path folder) {
    entries.putIfAbsent("models/model.json", text(program.toString()));
    entries.putIfAbsent("data/weights/model_weights_config.json", config(weights));
    entries.putIfAbsent("data/constants/model_constants_config.json", config(constants));
    return zip(folder, root, entries);
  }

  static byte[] config(ObjectNode table) {
    return text(object().set("config", table).toString());
  }

  static Path zip(Path folder, String root, Map<String, byte[]> entries) {
    List<Object> parts = new ArrayList<>();
    entries.forEach(
        (name, content) -> {
          parts.add(root + name);
          parts.add(content);
        });
    try {
      return Zips.write(Files.createTempFile(folder, "model", ".pt2"), parts.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ImportedModel read(Path folder, InputSpec... specs) {
    return ExportReader.read(write(folder), List.of(specs));
  }
}
