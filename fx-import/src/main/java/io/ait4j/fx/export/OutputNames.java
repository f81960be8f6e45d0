package io.ait4j.fx.export;

import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Names for what a model returns, from the tree that {@code torch.utils._pytree} writes. */
final class OutputNames {
  private OutputNames() {}

  /** A tree's node: its own key is that of its parent. */
  private record Tree(List<String> keys, List<Tree> children, boolean isLeaf, boolean named) {}

  /**
   * @param tree as JSON; null if unknown
   * @param kept which leaves are outputs of the graph
   * @return a name for each output, or none at all if the model returns no dictionary
   */
  static List<String> of(String tree, List<Boolean> kept) {
    if (tree == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    boolean[] named = {false};
    try {
      collect(
          Json.read(
              "the program's output tree",
              tree.getBytes(java.nio.charset.StandardCharsets.UTF_8),
              OutputNames::versioned),
          "",
          names,
          named);
    } catch (ModelException e) {
      return List.of(); // A class that registers itself writes what it likes.
    }
    if (!named[0] || names.size() != kept.size() || new HashSet<>(names).size() < names.size()) {
      return List.of();
    }
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (kept.get(i)) {
        outputs.add(names.get(i));
      }
    }
    return outputs;
  }

  private static void collect(Tree tree, String path, List<String> names, boolean[] named) {
    if (tree.isLeaf()) {
      names.add(path);
      return;
    }
    named[0] |= tree.named();
    for (int i = 0; i < tree.children().size(); i++) {
      String key = i < tree.keys().size() ? tree.keys().get(i) : Integer.toString(i);
      collect(tree.children().get(i), path.isEmpty() ? key : path + "." + key, names, named);
    }
  }

  /** {@code [1, tree]}. */
  private static Tree versioned(Json json) {
    List<Tree> found = new ArrayList<>();
    json.list(
        () -> {
          if (json.isObject()) {
            found.add(tree(json));
          } else {
            json.skip();
          }
          return "";
        });
    if (found.size() != 1) {
      throw json.bad("has no tree");
    }
    return found.getFirst();
  }

  private static Tree tree(Json json) {
    boolean[] isLeaf = {false};
    List<String> keys = new ArrayList<>();
    List<Tree> children = new ArrayList<>();
    json.fields(
        key -> {
          switch (key) {
            case "type" -> isLeaf[0] = json.isNull();
            case "context" -> {
              if (json.isText()) {
                keys.addAll(keys(json.text()));
              } else {
                json.skip();
              }
            }
            case "children_spec" -> children.addAll(json.list(() -> tree(json)));
            default -> json.skip();
          }
        });
    boolean named = !keys.isEmpty() && keys.size() == children.size();
    return new Tree(named ? keys : List.of(), children, isLeaf[0] && children.isEmpty(), named);
  }

  /** The keys in a context: a list of texts in JSON, if it is one. */
  private static List<String> keys(String context) {
    if (!context.startsWith("[")) {
      return List.of();
    }
    return Json.read(
        "the program's output tree",
        context.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        json ->
            json.list(
                () -> {
                  if (json.isText()) {
                    return json.text();
                  }
                  if (json.isNumber()) {
                    return Long.toString(json.integer());
                  }
                  throw json.bad("has a key that is no text");
                }));
  }
}
