package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.Sha256;
import io.ait4j.compiler.codegen.CodeWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Kernels in device files that compile one beside the other, and the functions that launch them in
 * one host file. A device file's name follows from its text, and a kernel's from its own: files of
 * equal kernels are equal, and compiled once, whatever programs they are of.
 */
final class CudaUnits {
  /** Kernels without a template of their own, which compile fast, share a file with as many. */
  private static final int TOGETHER = 6;

  private static final String COPY = "#include \"strided_copy.cuh\"\n";

  private record Function(String name, CudaKernelText kernel) {
    boolean isLoop() {
      return kernel.hostHeaders().isEmpty();
    }
  }

  private final Map<String, Function> functions = new LinkedHashMap<>();

  /**
   * Adds a kernel, unless one of the same text is there.
   *
   * @return the name of the function that launches it
   */
  String add(CudaKernelText kernel) {
    Sha256 hash = new Sha256().add(kernel.device()).add(kernel.host());
    kernel.deviceHeaders().stream().sorted().forEach(hash::add);
    String name = "k" + hash.hex().substring(0, 16);
    functions.putIfAbsent(name, new Function(name, kernel));
    return name;
  }

  /** Declares the functions that launch. */
  void declare(CodeWriter out) {
    functions.values().forEach(f -> out.line("void " + f.name + "(" + f.kernel.signature() + ");"));
  }

  /** The file of the functions that launch. */
  String launches() {
    CodeWriter out = new CodeWriter();
    out.line("#include \"kernels.h\"");
    out.line("#include \"launch.h\"");
    Set<String> headers = new TreeSet<>();
    functions.values().forEach(f -> headers.addAll(f.kernel.hostHeaders()));
    headers.forEach(header -> out.line("#include \"" + header + "\""));
    out.open("namespace ait::cuda::model");
    functions.values().forEach(f -> out.line(f.kernel.host().replace("@", f.name)));
    out.close();
    return out.toString();
  }

  /** The device files, by name; those that take longest come first. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    functions.values().stream().filter(f -> !f.isLoop()).forEach(f -> file(List.of(f), files));
    List<Function> open = new ArrayList<>();
    for (Function function : functions.values()) {
      if (function.isLoop()) {
        open.add(function);
        if (open.size() == TOGETHER) {
          file(open, files);
          open.clear();
        }
      }
    }
    if (!open.isEmpty()) {
      file(open, files);
    }
    files.put("strided_copy.cu", COPY);
    return files;
  }

  private static void file(List<Function> functions, Map<String, String> files) {
    CodeWriter out = new CodeWriter();
    Set<String> headers = new TreeSet<>(Set.of("device.cuh"));
    functions.forEach(f -> headers.addAll(f.kernel.deviceHeaders()));
    headers.forEach(header -> out.line("#include \"" + header + "\""));
    out.open("namespace ait::model");
    functions.forEach(f -> out.line(f.kernel.device().replace("@", f.name)));
    out.close();
    String text = out.toString();
    files.put("kernels_" + new Sha256().add(text).hex().substring(0, 16) + ".cu", text);
  }
}
