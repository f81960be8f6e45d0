package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.build.Sha256;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.KernelText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Kernels in files that compile one beside the other. A file holds one kernel that takes long to
 * compile, or several that do not; its name follows from its text, and a kernel's from its own.
 * Files of equal kernels are equal and compiled once, whatever programs they are of: that of a
 * kernel alone, and that of several where the same came together.
 */
final class TranslationUnits {
  /** Seconds for which a compiler's start is worth it. */
  private static final double LARGE = 0.5;

  /** Seconds for one more call of a template's instance that the file has. */
  private static final double CALL = 0.05;

  /** The headers of all kernels, which are compiled beforehand. */
  static final String HEADERS = "#include \"kernels.h\"";

  /** A function and what it includes beyond {@link #HEADERS}. */
  private record Function(
      String name, KernelText kernel, Set<String> headers, String instance, double seconds) {}

  private final Map<String, Function> functions = new LinkedHashMap<>();

  /**
   * Adds a kernel, unless one of the same text is there.
   *
   * @param headers files that it includes, beyond those of all kernels
   * @param instance what is equal for kernels that call one instance of a C++ template, so that
   *     they come into one file; empty if it calls none of its own
   * @param seconds what compiling it takes, roughly
   * @return the function's name
   */
  String add(KernelText kernel, Set<String> headers, String instance, double seconds) {
    Sha256 hash = new Sha256().add(kernel.text());
    headers.forEach(hash::add);
    String name = "k" + hash.hex().substring(0, 16);
    functions.putIfAbsent(name, new Function(name, kernel, headers, instance, seconds));
    return name;
  }

  /** Declares all functions. */
  void declare(CodeWriter out) {
    functions.values().forEach(f -> out.line("void " + f.name + "(" + f.kernel.signature() + ");"));
  }

  /** The files, by name. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    List<Function> open = new ArrayList<>();
    double seconds = 0;
    List<Function> alikeTogether =
        functions.values().stream().sorted(Comparator.comparing(Function::instance)).toList();
    for (Function function : alikeTogether) {
      if (function.seconds >= LARGE) {
        file(List.of(function), files);
        continue;
      }
      boolean again =
          !open.isEmpty()
              && !function.instance.isEmpty()
              && open.getLast().instance.equals(function.instance);
      open.add(function);
      seconds += again ? CALL : function.seconds;
      if (seconds >= LARGE) {
        file(open, files);
        open.clear();
        seconds = 0;
      }
    }
    if (!open.isEmpty()) {
      file(open, files);
    }
    return files;
  }

  private static void file(List<Function> functions, Map<String, String> files) {
    CodeWriter out = new CodeWriter();
    out.line(HEADERS);
    Set<String> headers = new TreeSet<>();
    functions.forEach(f -> headers.addAll(f.headers));
    headers.forEach(header -> out.line("#include \"" + header + "\""));
    out.open("namespace ait::model");
    functions.forEach(f -> out.line(f.kernel.text().replace("@", f.name)));
    out.close();
    String text = out.toString();
    files.put("kernels_" + new Sha256().add(text).hex().substring(0, 16) + ".cpp", text);
  }
}
