package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interpolation, held against ONNX Runtime. */
class ResizeTest {
  private static final DType F = DType.FLOAT32;

  @ParameterizedTest
  @CsvSource({
    "nearest,asymmetric,floor",
    "nearest,half_pixel,round_prefer_floor",
    "nearest,half_pixel,round_prefer_ceil",
    "nearest,align_corners,round_prefer_floor",
    "nearest,pytorch_half_pixel,ceil",
    "linear,half_pixel,floor",
    "linear,align_corners,floor",
    "linear,pytorch_half_pixel,floor",
    "cubic,half_pixel,floor",
    "cubic,align_corners,floor"
  })
  void sizes(String mode, String coordinates, String nearest) {
    TestModel test = TestModel.of(18).in("x", F, 2, 3, 5, 4);
    test.init("up", test.longs(2, 3, 10, 7)).init("down", test.longs(2, 3, 3, 4));
    test.init("twice", test.floats(1, 1, 2, 1.5));
    var attributes =
        new io.ait4j.fx.onnx.proto.AttributeMessage[] {
          attr("mode", mode),
          attr("coordinate_transformation_mode", coordinates),
          attr("nearest_mode", nearest)
        };
    test.node("Resize", "x - - up", "a", attributes).out("a", F);
    test.node("Resize", "x - - down", "b", attributes).out("b", F);
    test.node("Resize", "x - twice", "c", attributes).out("c", F);
    if (mode.equals("nearest")) { // sizes that PyTorch takes for factors of 1 and 2
      test.in("w", F, 1, 1, 5, 2).init("odd", test.floats(1, 1, 1.15, 2.25));
      test.node("Resize", "w - odd", "d", attributes).out("d", F);
    }
    Peer.check(test, 2e-5);
  }

  @ParameterizedTest
  @CsvSource({"pytorch_half_pixel", "half_pixel", "align_corners"})
  void oneElement(String coordinates) {
    TestModel test = TestModel.of(18).in("x", F, 1, 2, 5, 4);
    test.init("s", test.longs(1, 2, 1, 6));
    test.node(
        "Resize",
        "x - - s",
        "y",
        attr("mode", "linear"),
        attr("coordinate_transformation_mode", coordinates));
    Peer.check(test.out("y", F), 5e-6);
  }

  @Test
  void otherRanks() {
    TestModel test = TestModel.of(18).in("x", F, 1, 2, 5).in("z", F, 1, 2, 3, 4, 5);
    test.init("s", test.longs(1, 2, 8)).init("t", test.longs(1, 2, 6, 5, 5));
    test.node("Resize", "x - - s", "a", attr("mode", "linear")).out("a", F);
    test.node(
        "Resize",
        "x - - s",
        "b",
        attr("coordinate_transformation_mode", "asymmetric"),
        attr("nearest_mode", "floor"));
    test.node("Resize", "z - - t", "c", attr("mode", "linear")).out("b", F).out("c", F);
    test.node("Resize", "z - - t", "d").out("d", F);
    Peer.check(test, 5e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "linear,asymmetric,mode = asymmetric",
    "linear,tf_crop_and_resize,tf_crop_and_resize",
    "nearest,tf_crop_and_resize,tf_crop_and_resize"
  })
  void otherModesAreNamed(String mode, String coordinates, String named) {
    TestModel test = TestModel.of(18).in("x", F, 1, 2, 5, 4);
    test.init("s", test.longs(1, 2, 3, 6));
    test.node(
        "Resize",
        "x - - s",
        "y",
        attr("mode", mode),
        attr("coordinate_transformation_mode", coordinates));
    assertThat(Peer.refusal(test.out("y", F)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({"bilinear,zeros,0", "bilinear,border,1", "nearest,zeros,0", "bicubic,reflection,1"})
  void samples(String mode, String padding, long aligned) {
    TestModel test = TestModel.of(16).in("x", F, 2, 3, 5, 4).in("g", F, 2, 3, 6, 2);
    test.node(
        "GridSample",
        "x g",
        "y",
        attr("mode", mode),
        attr("padding_mode", padding),
        attr("align_corners", aligned));
    Peer.check(test.out("y", F), 2e-5);
  }

  private static TestModel regions(long opset, String... attributes) {
    TestModel test = TestModel.of(opset).in("x", F, 2, 3, 8, 9);
    test.in("r", F, 5, 4).in("b", test.longs(0, 1, 0, 1, 1));
    var all = new ArrayList<AttributeMessage>();
    for (int i = 0; i < attributes.length; i += 2) {
      all.add(attr(attributes[i], attributes[i + 1]));
    }
    all.add(attr("output_height", 4));
    all.add(attr("output_width", 6));
    all.add(attr("spatial_scale", 0.5));
    return test.node("RoiAlign", "x r b", "y", all.toArray(AttributeMessage[]::new)).out("y", F);
  }

  /** libtorch does not have torchvision's operator, so only what it is called with is checked. */
  @ParameterizedTest
  @CsvSource({
    "13,,false",
    "16,,true",
    "16,half_pixel,true",
    "22,output_half_pixel,false",
  })
  void regionsAreTorchvisions(long opset, String coordinates, boolean aligned) {
    FxNode node =
        Peer.graph(
                coordinates == null
                    ? regions(opset)
                    : regions(opset, "coordinate_transformation_mode", coordinates))
            .nodes()
            .getLast();
    assertThat(node.target()).hasToString("torchvision::roi_align");
    assertThat(node.args().subList(2, 7))
        .containsExactly(
            new Arg.Float(0.5),
            new Arg.Int(4),
            new Arg.Int(6),
            new Arg.Int(0),
            new Arg.Bool(aligned));
    assertThat(node.result().tensor()).isEqualTo(TensorMeta.contiguous(F, 5, 3, 4, 6));
  }

  @Test
  void largestOfRegionsIsNamed() {
    assertThat(Peer.refusal(regions(16, "mode", "max")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("mode = max");
  }
}
