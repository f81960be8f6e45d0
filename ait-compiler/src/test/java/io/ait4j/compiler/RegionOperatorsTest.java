package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions of images, against their definition: libtorch does not have torchvision's operators. */
class RegionOperatorsTest {
  private static final int IMAGES = 3;
  private static final int CHANNELS = 19;
  private static final int HEIGHT = 13;
  private static final int WIDTH = 17;
  private static final int ROWS = 4;
  private static final int COLUMNS = 3;
  private static final double SCALE = 0.25;
  private static final Dim BOXES = Dim.symbol("boxes", 0, 100);

  @TempDir Path cache;
  private final Arena arena = Arena.ofShared();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void close() {
    arena.close();
  }

  private record Case(long ratio, boolean aligned) {}

  private static final List<Case> CASES =
      List.of(new Case(0, false), new Case(0, true), new Case(2, false), new Case(3, true));

  private static FxGraph graph(DType dtype, List<Dim> strides) {
    List<Dim> image = Dim.ofAll(IMAGES, CHANNELS, HEIGHT, WIDTH);
    return Oracle.graph(
        List.of(
            new TensorMeta(dtype, image, strides),
            TensorMeta.contiguous(dtype, List.of(BOXES, Dim.of(5)))),
        (b, in) ->
            CASES.stream()
                .map(
                    c ->
                        b.call(
                            "torchvision::roi_align",
                            in.get(0),
                            in.get(1),
                            new Arg.Float(SCALE),
                            new Arg.Int(ROWS),
                            new Arg.Int(COLUMNS),
                            new Arg.Int(c.ratio),
                            new Arg.Bool(c.aligned)))
                .toList());
  }

  private static List<Dim> rowMajor() {
    return TensorMeta.contiguous(DType.FLOAT32, IMAGES, CHANNELS, HEIGHT, WIDTH).strides();
  }

  private static List<Dim> channelsLast() {
    return Dim.ofAll((long) CHANNELS * HEIGHT * WIDTH, 1, (long) WIDTH * CHANNELS, CHANNELS);
  }

  @Test
  void floats() {
    check(DType.FLOAT32, rowMajor());
  }

  @Test
  void doublesWhoseChannelsLieTogether() {
    check(DType.FLOAT64, channelsLast());
  }

  private void check(DType dtype, List<Dim> strides) {
    FxGraph graph = graph(dtype, strides);
    AitCompiler compiler = compiler();
    assertThat(compiler.support().test(graph, graph.nodes().getFirst()).supported()).isTrue();
    CompiledPartition compiled = compiler.compile(graph, arena);
    try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
      for (long count : new long[] {0, 1, 57, 100}) {
        Map<String, Long> sizes = Map.of("boxes", count);
        FxGraph sized = Specialised.at(graph, sizes);
        NativeTensor images = allocate(sized.inputs().get(0).tensor());
        Contents.NORMAL.accept(images, random);
        NativeTensor boxes = allocate(sized.inputs().get(1).tensor());
        drawBoxes(boxes, dtype, count);
        List<NativeTensor> outputs = outputs(sized);
        module.run(List.of(images, boxes), outputs, sizes);
        for (int i = 0; i < CASES.size(); i++) {
          compare(CASES.get(i), images, boxes, outputs.get(i));
        }
      }
    }
  }

  /** Boxes in the image, around it, beside it, turned inside out, and without extent. */
  private void drawBoxes(NativeTensor boxes, DType dtype, long count) {
    for (int box = 0; box < count; box++) {
      double[] numbers;
      do {
        numbers = new double[5];
        numbers[0] = random.nextInt(IMAGES);
        for (int k = 1; k < 5; k++) {
          numbers[k] = (random.nextDouble() * 2.5 - 0.75) * (k % 2 == 1 ? WIDTH : HEIGHT) / SCALE;
        }
        if (box % 7 == 6) {
          numbers[3] = numbers[1];
        }
        for (int k = 0; k < 5 && dtype == DType.FLOAT32; k++) {
          numbers[k] = (float) numbers[k];
        }
      } while (jumps(numbers));
      for (int k = 0; k < 5; k++) {
        Elements.store(boxes, box * 5L + k, numbers[k], 0);
      }
    }
  }

  /** One dimension of a box: where its samples lie, by bin. */
  private static double[][] samples(double low, double high, int bins, Case how) {
    double offset = how.aligned ? 0.5 : 0;
    double start = low * SCALE - offset;
    double extent = high * SCALE - offset - start;
    extent = how.aligned ? extent : Math.max(extent, 1);
    int count = how.ratio > 0 ? (int) how.ratio : (int) Math.max(0, Math.ceil(extent / bins));
    double[][] at = new double[bins][count];
    for (int i = 0; i < bins; i++) {
      for (int k = 0; k < count; k++) {
        at[i][k] = start + extent / bins * (i + (k + 0.5) / count);
      }
    }
    return at;
  }

  /** Whether rounding may decide how many samples there are, or whether one is in the image. */
  private static boolean jumps(double[] box) {
    for (Case how : CASES) {
      for (int d = 0; d < 2; d++) {
        int size = d == 0 ? WIDTH : HEIGHT;
        int bins = d == 0 ? COLUMNS : ROWS;
        double wanted = (box[3 + d] - box[1 + d]) * SCALE / bins;
        boolean near = wanted != 0 && Math.abs(wanted - Math.rint(wanted)) < 1e-4;
        for (double[] bin : samples(box[1 + d], box[3 + d], bins, how)) {
          for (double at : bin) {
            near |= Math.abs(at + 1) < 1e-4 || Math.abs(at - size) < 1e-4;
          }
        }
        if (near) {
          return true;
        }
      }
    }
    return false;
  }

  private void compare(Case how, NativeTensor images, NativeTensor boxes, NativeTensor actual) {
    // A sample's place is wrong by some units of the last digit of the largest coordinate, and a
    // value changes by at most twice the largest pixel from one pixel to the next.
    double unit = actual.dtype() == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    double largest = 0;
    for (long i = 0; i < images.numel(); i++) {
      largest = Math.max(largest, Math.abs(Elements.floating(images, i)));
    }
    double allowed = 16 * unit * 2 * WIDTH * 2 * largest;
    long i = 0;
    for (long box = 0; box < boxes.sizes()[0]; box++) {
      double[] numbers = new double[5];
      for (int k = 0; k < 5; k++) {
        numbers[k] = Elements.floating(boxes, box * 5 + k);
      }
      double[][] across = samples(numbers[1], numbers[3], COLUMNS, how);
      double[][] down = samples(numbers[2], numbers[4], ROWS, how);
      for (int c = 0; c < CHANNELS; c++) {
        for (double[] rows : down) {
          for (double[] columns : across) {
            double expected = mean(images, (long) numbers[0] * CHANNELS + c, rows, columns);
            double got = Elements.floating(actual, i++);
            assertThat(Math.abs(got - expected) <= allowed)
                .as(
                    "seed %d, %s, box %s, channel %d: %s is not %s",
                    seed, how, Arrays.toString(numbers), c, got, expected)
                .isTrue();
          }
        }
      }
    }
    assertThat(i).isEqualTo(actual.numel());
  }

  private static double mean(NativeTensor images, long plane, double[] rows, double[] columns) {
    double sum = 0;
    for (double y : rows) {
      for (double x : columns) {
        sum += value(images, plane, y, x);
      }
    }
    return rows.length * columns.length == 0 ? 0 : sum / (rows.length * columns.length);
  }

  /** An image at a point: nothing beyond one pixel outside, its edge's values up to there. */
  private static double value(NativeTensor images, long plane, double y, double x) {
    if (y < -1 || y > HEIGHT || x < -1 || x > WIDTH) {
      return 0;
    }
    double row = Math.clamp(y, 0, HEIGHT - 1);
    double column = Math.clamp(x, 0, WIDTH - 1);
    double value = 0;
    for (int i = 0; i < HEIGHT; i++) {
      for (int j = 0; j < WIDTH; j++) {
        double weight = Math.max(0, 1 - Math.abs(row - i)) * Math.max(0, 1 - Math.abs(column - j));
        if (weight > 0) {
          value += weight * Elements.floating(images, (plane * HEIGHT + i) * WIDTH + j);
        }
      }
    }
    return value;
  }

  @Test
  void boxesThatMakeNoSense() {
    FxGraph graph = graph(DType.FLOAT32, rowMajor());
    CompiledPartition compiled = compiler().compile(graph, arena);
    try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
      for (float bad : new float[] {3, -1, 1e30f, Float.NaN}) {
        assertThatThrownBy(() -> runOne(module, graph, bad, 1, 2, 30, 40))
            .isInstanceOf(ModelException.class)
            .hasMessageContaining("torchvision::roi_align: box 0 is of image ")
            .hasMessageContaining("there are 3 images");
      }
      for (double d : runOne(module, graph, 0, -1e30f, -1e30f, 1e30f, 1e30f)) {
        assertThat(d).as("a box beyond counting").isFinite();
      }
      for (double d : runOne(module, graph, 1, 3, 4, Float.NaN, 20)) {
        assertThat(d).isNaN();
      }
      for (double d : runOne(module, graph, 2, 1000, 1000, 1200, 1200)) {
        assertThat(d).as("a box beside the image").isZero();
      }
    }
  }

  private List<Double> runOne(AitModule module, FxGraph graph, float... box) {
    Map<String, Long> one = Map.of("boxes", 1L);
    FxGraph sized = Specialised.at(graph, one);
    NativeTensor images = allocate(sized.inputs().get(0).tensor());
    Contents.NORMAL.accept(images, random);
    NativeTensor boxes = allocate(sized.inputs().get(1).tensor());
    for (int k = 0; k < 5; k++) {
      Elements.store(boxes, k, box[k], 0);
    }
    List<NativeTensor> outputs = outputs(sized);
    module.run(List.of(images, boxes), outputs, one);
    List<Double> numbers = new ArrayList<>();
    for (NativeTensor output : outputs) {
      for (long i = 0; i < output.numel(); i++) {
        numbers.add(Elements.floating(output, i));
      }
    }
    return numbers;
  }

  private AitCompiler compiler() {
    return new AitCompiler(CompilerSettings.defaults().withCacheDir(cache));
  }

  private List<NativeTensor> outputs(FxGraph sized) {
    return sized.outputs().stream()
        .map(o -> allocate(sized.values().get(((Arg.Value) o).name()).tensor()))
        .toList();
  }

  private NativeTensor allocate(TensorMeta meta) {
    long[] sizes = meta.sizes();
    long[] strides = meta.strides().stream().mapToLong(Dim::value).toArray();
    long bytes = Math.max(1, NativeTensor.reach(sizes, strides)) * meta.dtype().bytes();
    return new NativeTensor(meta.dtype(), sizes, strides, arena.allocate(bytes, 64));
  }
}
