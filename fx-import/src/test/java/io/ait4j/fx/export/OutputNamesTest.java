package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutputNamesTest {
  private static final String LEAF = "{`type`:null,`context`:null,`children_spec`:[]}";

  private static List<String> names(String tree, Boolean... kept) {
    return OutputNames.of(tree.replace('`', '"'), List.of(kept));
  }

  private static String node(String type, String context, String... children) {
    return "{`type`:`%s`,`context`:`%s`,`children_spec`:[%s]}"
        .formatted(type, context, String.join(",", children));
  }

  private static String dict(String keys, String... children) {
    return node("builtins.dict", keys.replace("`", "\\\""), children);
  }

  @Test
  void keysOfNestedContainersMakeAPath() {
    String tree =
        "[1,"
            + dict(
                "[`logits`, `past`]",
                LEAF,
                node("builtins.list", "null", LEAF, dict("[`k`, 3]", LEAF, LEAF)))
            + "]";
    assertThat(names(tree, true, true, true, true))
        .containsExactly("logits", "past.0", "past.1.k", "past.1.3");
    assertThat(names(tree, true, false, true, true))
        .containsExactly("logits", "past.1.k", "past.1.3");
  }

  @Test
  void tuplesAndSingleTensorsHaveNoNames() {
    assertThat(names("[1," + LEAF + "]", true)).isEmpty();
    assertThat(names("[1," + node("builtins.tuple", "null", LEAF, LEAF) + "]", true, true))
        .isEmpty();
  }

  @Test
  void whatIsNotUnderstoodNamesNothing() {
    for (String tree :
        List.of(
            "",
            "[]",
            "nonsense",
            "[1]",
            "[1," + dict("[`a`, `a`]", LEAF, LEAF) + "]",
            "[1," + dict("[`a`]", LEAF, LEAF) + "]",
            "[1," + dict("[null, `a`]", LEAF, LEAF) + "]",
            "[1," + dict("[`a`, `b`, `c`]", LEAF, LEAF, LEAF) + "]",
            "[1," + node("a.Class", "<opaque>", LEAF, LEAF) + "]")) {
      assertThat(names(tree, true, true)).as(tree).isEmpty();
    }
    assertThat(OutputNames.of(null, List.of(true))).isEmpty();
  }
}
