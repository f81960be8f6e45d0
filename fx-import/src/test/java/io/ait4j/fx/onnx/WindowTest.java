package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static io.ait4j.fx.onnx.TestModel.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions and poolings, held against ONNX Runtime. */
class WindowTest {
  private static final DType F = DType.FLOAT32;

  private static long[] sizes(String text) {
    return java.util.Arrays.stream(text.strip().split(" ")).mapToLong(Long::parseLong).toArray();
  }

  /** {@code name value...; name value...}: lists of integers, lone ones but for lists by name. */
  private static AttributeMessage[] attributes(String text) {
    List<AttributeMessage> attributes = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(";")) {
      String[] both = part.strip().split(" ", 2);
      attributes.add(
          List.of("group", "ceil_mode", "count_include_pad").contains(both[0])
              ? attr(both[0], Long.parseLong(both[1]))
              : both[0].equals("auto_pad")
                  ? attr(both[0], both[1])
                  : ints(both[0], sizes(both[1])));
    }
    return attributes.toArray(AttributeMessage[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "2 3 9 8, 4 3 3 3, ''",
    "1 3 9 8, 4 3 3 2, 'pads 1 1 1 1; strides 2 1'",
    "1 4 9 8, 6 2 3 3, 'pads 1 0 2 1; group 2'",
    "1 4 11 8, 4 1 3 3, 'group 4; dilations 2 1; kernel_shape 3 3'",
    "2 3 10, 5 3 4, 'pads 2 1; strides 3'",
    "1 2 5 6 4, 3 2 2 3 1, 'pads 1 1 0 1 1 0'",
    "1 3 9 8, 4 3 3 4, 'auto_pad SAME_UPPER; strides 2 3'",
    "1 3 9 8, 4 3 2 4, 'auto_pad SAME_LOWER; strides 2 1'",
    "1 3 9 8, 4 3 2 4, 'auto_pad VALID'",
  })
  void convolutions(String input, String weight, String attributes) {
    TestModel test = TestModel.of(18).in("x", F, sizes(input)).init("w", F, sizes(weight));
    test.init("b", F, sizes(weight)[0]);
    test.node("Conv", "x w b", "y", attributes(attributes)).out("y", F);
    test.node("Conv", "x w", "z", attributes(attributes)).out("z", F);
    Peer.check(test, 5e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "2 3 5 4, 3 4 3 3, ''",
    "1 3 5 4, 3 4 3 2, 'pads 1 0 1 0; strides 2 3; output_padding 1 2'",
    "1 3 5 4, 3 4 3 3, 'pads 0 1 2 1; strides 2 2'",
    "1 4 5 4, 4 2 3 3, 'group 2; dilations 2 1'",
    "1 3 5 4, 3 4 3 3, 'auto_pad SAME_UPPER; strides 2 2'",
    "1 3 5 4, 3 4 3 3, 'auto_pad SAME_LOWER; strides 2 2'",
    "1 3 5 4, 3 4 3 3, 'output_shape 10 8; strides 2 2'",
    "1 3 7, 3 2 4, 'strides 2; pads 1 1'",
  })
  void transposed(String input, String weight, String attributes) {
    TestModel test = TestModel.of(18).in("x", F, sizes(input)).init("w", F, sizes(weight));
    Peer.check(test.node("ConvTranspose", "x w", "y", attributes(attributes)).out("y", F), 5e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "2 3 9 8, 'kernel_shape 3 3'",
    "1 3 9 8, 'kernel_shape 3 2; strides 2 2; pads 1 1 1 1'",
    "1 3 9 8, 'kernel_shape 3 3; strides 2 2; pads 0 1 1 0'",
    "1 3 10 8, 'kernel_shape 3 3; strides 2 3; ceil_mode 1'",
    "1 3 9 8, 'kernel_shape 2 2; strides 2 2; auto_pad SAME_UPPER'",
    "1 3 11, 'kernel_shape 3; strides 2; pads 1 1'",
    "1 2 5 6 7, 'kernel_shape 2 3 2; strides 2 1 2; pads 0 1 0 0 1 0'",
    "1 2 5 6 7, 'kernel_shape 2 3 2; strides 2 1 3; ceil_mode 1'",
    "1 2 7 7, 'kernel_shape 3 3; strides 1 1; pads 2 2 2 2'",
    "1 2 4 8, 'kernel_shape 3 3; strides 4 4; pads 0 0 2 2; ceil_mode 1'",
    "1 2 9 8, 'kernel_shape 3 3; strides 2 4; pads 1 0 2 1; ceil_mode 1'",
  })
  void poolings(String input, String attributes) {
    TestModel test = TestModel.of(18).in("x", F, sizes(input));
    test.node("AveragePool", "x", "a", attributes(attributes)).out("a", F);
    if (!attributes.contains("ceil_mode")) {
      // with it ONNX Runtime counts what lies beyond the padding too, and PyTorch does not
      test.node("AveragePool", "x", "p", attributes(attributes + "; count_include_pad 1"));
      test.out("p", F);
    }
    test.node("MaxPool", "x", "m", attributes(attributes)).out("m", F);
    Peer.check(test, 5e-6);
  }

  @Test
  void dilatedMaximum() {
    TestModel test = TestModel.of(18).in("x", F, 1, 2, 9, 9);
    test.node("MaxPool", "x", "y", ints("kernel_shape", 3, 2), ints("dilations", 2, 3));
    Peer.check(test.out("y", F));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GlobalAveragePool", "GlobalMaxPool"})
  void global(String operator) {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 5, 4).in("s", F, 2, 3, 7);
    test.node(operator, "x", "y").node(operator, "s", "z").out("y", F).out("z", F);
    Peer.check(test);
  }

  @Test
  void whatIsNotThereIsNamed() {
    TestModel test = TestModel.of(18).in("x", F, 1, 2, 6, 6);
    test.node("MaxPool", "x", "y i", ints("kernel_shape", 2, 2)).out("i", DType.INT64);
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("output 'i' is not supported")
        .hasMessageContaining("node_y (MaxPool)");
  }
}
