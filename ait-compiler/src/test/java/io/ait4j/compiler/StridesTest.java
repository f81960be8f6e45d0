package io.ait4j.compiler;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors of rank 4 in every order of dimensions, with and without gaps. */
class StridesTest {
  private static final long[] SIZES = {2, 3, 4, 5};
  private static final long[] CHANNELS_LAST = {60, 1, 15, 3};
  private static final int COUNT = 120;

  @TempDir static Path cache;
  private static AitModule module;

  @BeforeAll
  static void load() throws Exception {
    try (InputStream in = StridesTest.class.getResourceAsStream("build/channels.cpp")) {
      Path library =
          LibraryBuilder.of(CompilerSettings.defaults().withCacheDir(cache))
              .build(Map.of("model.cpp", new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      module = AitModule.load(library, List.of());
    }
  }

  @AfterAll
  static void close() {
    module.close();
  }

  private static NativeTensor tensor(Arena arena, long[] strides) {
    long bytes = NativeTensor.reach(SIZES, strides) * 2;
    return new NativeTensor(DType.INT16, SIZES, strides, arena.allocate(bytes, 2).fill((byte) -1));
  }

  private static long offset(long[] strides, int element) {
    long at = 0;
    for (int d = 3; d >= 0; d--) {
      at += element % SIZES[d] * strides[d];
      element /= (int) SIZES[d];
    }
    return at;
  }

  private static void run(Arena arena, NativeTensor x, NativeTensor y) {
    NativeTensor none =
        NativeTensor.contiguous(DType.FLOAT64, new long[] {0, 3}, MemorySegment.NULL);
    NativeTensor nothing = NativeTensor.contiguous(DType.BOOL, new long[] {0}, MemorySegment.NULL);
    for (int i = 0; i < COUNT; i++) {
      x.data().setAtIndex(JAVA_SHORT, offset(x.strides(), i), (short) (7 * i));
    }
    module.run(List.of(x, none), List.of(y, nothing));
    boolean[] written = new boolean[(int) (y.data().byteSize() / 2)];
    for (int i = 0; i < COUNT; i++) {
      int at = (int) offset(y.strides(), i);
      written[at] = true;
      assertThat(y.data().getAtIndex(JAVA_SHORT, at))
          .as("element " + i)
          .isEqualTo((short) (7 * i + 1));
    }
    for (int at = 0; at < written.length; at++) {
      if (!written[at]) {
        assertThat(y.data().getAtIndex(JAVA_SHORT, at)).as("gap at " + at).isEqualTo((short) -1);
      }
    }
  }

  @Test
  void readsAndWritesThePromisedLayoutInPlace() {
    long before = module.borderCopyBytes();
    try (Arena arena = Arena.ofConfined()) {
      run(
          arena,
          tensor(arena, CHANNELS_LAST),
          tensor(arena, NativeTensor.contiguousStrides(SIZES)));
    }
    assertThat(module.borderCopyBytes()).isEqualTo(before);
  }

  @Test
  void copiesEveryOtherLayout() {
    Random random = new Random(1);
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
    for (int round = 0; round < 200; round++) {
      try (Arena arena = Arena.ofConfined()) {
        long before = module.borderCopyBytes();
        NativeTensor x = tensor(arena, randomStrides(order, random));
        NativeTensor y = tensor(arena, randomStrides(order, random));
        run(arena, x, y);
        long copied =
            (Arrays.equals(x.strides(), CHANNELS_LAST) ? 0 : 2 * COUNT)
                + (y.isContiguous() ? 0 : 2 * COUNT);
        assertThat(module.borderCopyBytes() - before).isEqualTo(copied);
      }
    }
  }

  private static long[] randomStrides(List<Integer> order, Random random) {
    Collections.shuffle(order, random);
    long[] strides = new long[4];
    long step = 1 + random.nextInt(2);
    for (int d : order) {
      strides[d] = step;
      step = step * SIZES[d] + (random.nextBoolean() ? 0 : random.nextInt(3));
    }
    return strides;
  }
}
