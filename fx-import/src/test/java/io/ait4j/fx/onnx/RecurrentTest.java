package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurrent networks, held against ONNX Runtime. */
class RecurrentTest {
  private static final DType F = DType.FLOAT32;

  @ParameterizedTest
  @CsvSource({
    "LSTM,4,forward,1,1", "LSTM,4,reverse,1,0", "LSTM,4,bidirectional,2,1", "LSTM,4,forward,1,0",
    "GRU,3,forward,1,1", "GRU,3,bidirectional,2,1", "RNN,1,forward,1,1", "RNN,1,bidirectional,2,0"
  })
  void layers(String operator, int gates, String direction, int ways, int full) {
    int hidden = 5;
    TestModel test = TestModel.of(18).in("x", F, 6, 2, 3);
    test.init("w", F, ways, gates * hidden, 3).init("r", F, ways, gates * hidden, hidden);
    String inputs = "x w r";
    if (full == 1) {
      test.init("b", F, ways, 2 * gates * hidden).in("h", F, ways, 2, hidden);
      inputs += " b - h";
      if (operator.equals("LSTM")) {
        test.in("c", F, ways, 2, hidden);
        inputs += " c";
      }
    }
    List<AttributeMessage> attributes = new ArrayList<>();
    attributes.add(attr("hidden_size", hidden));
    attributes.add(attr("direction", direction));
    if (operator.equals("GRU")) {
      attributes.add(attr("linear_before_reset", 1));
    }
    boolean two = operator.equals("LSTM");
    test.node(
        operator, inputs, two ? "y yh yc" : "y yh", attributes.toArray(AttributeMessage[]::new));
    test.out("y", F).out("yh", F);
    Peer.check(two ? test.out("yc", F) : test, 5e-6);
  }

  @Test
  void whatPytorchHasNotIsNamed() {
    TestModel test = TestModel.of(18).in("x", F, 6, 2, 3);
    test.init("w", F, 1, 15, 3).init("r", F, 1, 15, 5);
    test.node("GRU", "x w r", "y", attr("hidden_size", 5)).out("y", F);
    assertThat(Peer.refusal(test))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("linear_before_reset");
  }
}
