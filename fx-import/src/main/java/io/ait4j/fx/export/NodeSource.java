package io.ait4j.fx.export;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the user wrote a node: one short text from its stack trace and its module's path. */
final class NodeSource {
  private static final Pattern FRAME = Pattern.compile("File \"([^\"\n]+)\", line (\\d+)");

  private final Map<String, String> known = new HashMap<>();

  /**
   * @param trace as Python prints one, the innermost frame last; may be empty
   * @param modules {@code key,path,type;...}, the innermost module last; may be empty
   */
  String of(String trace, String modules) {
    String place = place(trace);
    String module = module(modules);
    String text = place.isEmpty() || module.isEmpty() ? place + module : place + " in " + module;
    return known.computeIfAbsent(text, t -> t);
  }

  /** The innermost frame outside PyTorch itself. */
  private static String place(String trace) {
    String found = "";
    Matcher frame = FRAME.matcher(trace);
    while (frame.find()) {
      String file = frame.group(1);
      int packages = file.lastIndexOf("site-packages/");
      String shortened =
          packages >= 0
              ? file.substring(packages + "site-packages/".length())
              : file.substring(file.lastIndexOf('/') + 1);
      boolean isTorch =
          packages >= 0 && shortened.startsWith("torch/") || file.startsWith("torch/");
      if (!isTorch) {
        found = shortened + ":" + frame.group(2);
      }
    }
    return found;
  }

  private static String module(String modules) {
    String last = modules.substring(modules.lastIndexOf(';') + 1);
    String[] parts = last.split(",");
    return parts.length == 3 && !parts[1].startsWith("_empty_nn_module_stack") ? parts[1] : "";
  }
}
