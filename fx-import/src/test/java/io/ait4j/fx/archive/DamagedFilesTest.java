package io.ait4j.fx.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.weights.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of files that are nearly right: each is read, or refused with one clear exception, and
 * whatever is read lies in the file.
 */
@Timeout(60)
class DamagedFilesTest {
  private static final int FILES = 800;
  private static final int PICKLES = 6000;

  /** What damage likes to put in place of a number. */
  private static final int[] EXTREMES = {
    0, 1, 0x7f, 0x80, 0xfe, 0xff, '(', 't', 'R', '.', 'r', 'j'
  };

  @TempDir Path folder;

  private static byte[] pickle() {
    PickleValue.Call object =
        new PickleValue.Call(new PickleValue.Global("__torch__", "Net"), java.util.List.of(), true);
    object.build(Pickles.dict("steps", new Int(1L << 33), "name", new Str("größe")));
    return Pickles.write(
        Pickles.dict(
            "a.weight",
            Pickles.floats("0", 2, 3),
            "a.bias",
            Pickles.tensor(
                Pickles.storage("FloatStorage", "0", 6), 1, new long[] {2, 2}, new long[] {3, 1}),
            "whole",
            Pickles.tuple(object, object, new PickleValue.Float(0.5))));
  }

  private byte[] archive() throws IOException {
    return Files.readAllBytes(
        Zips.write(
            folder.resolve("whole"),
            "m/data.pkl",
            pickle(),
            "m/data/0",
            Zips.floats(0, 1, 2, 3, 4, 5),
            "m/byteorder",
            "little".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  private byte[] safetensors() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, NativeTensor> tensors = new LinkedHashMap<>();
      tensors.put(
          "a", NativeTensor.contiguous(DType.FLOAT32, new long[] {2, 3}, arena.allocate(24, 8)));
      tensors.put("b", NativeTensor.contiguous(DType.INT64, new long[] {2}, arena.allocate(16, 8)));
      Path file = folder.resolve("whole.safetensors");
      Safetensors.write(file, tensors, Map.of("k", "v"));
      return Files.readAllBytes(file);
    }
  }

  /** Changes, cuts, repeats or moves a few bytes. */
  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
        case 2 -> {
          int end = Math.min(bytes.length, at + (1 << random.nextInt(4)));
          Arrays.fill(bytes, at, end, (byte) EXTREMES[random.nextInt(EXTREMES.length)]);
        }
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 4 -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(bytes.length - Math.max(at, from), 1 + random.nextInt(32));
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
          System.arraycopy(bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private void eachDamaged(byte[] whole, int rounds, Consumer<byte[]> reader) {
    Random random = new Random(rounds);
    int refused = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] damaged = damaged(whole, random);
      try {
        reader.accept(damaged);
      } catch (ModelException e) {
        refused++;
        assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT);
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
      }
    }
    // Damage that mattered to nobody would show that the readers do not look.
    assertThat(refused).isGreaterThan(rounds / 4);
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(folder.resolve("damaged"), bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void touch(MemorySegment data) {
    for (long at = 0; at < data.byteSize(); at++) {
      data.get(ValueLayout.JAVA_BYTE, at);
    }
  }

  @Test
  void archives() throws IOException {
    eachDamaged(
        archive(),
        FILES,
        bytes -> {
          try (ZipArchive zip = ZipArchive.open(file(bytes))) {
            for (String name : zip.names()) {
              assertThat(zip.bytes(name, bytes.length)).hasSize((int) zip.size(name));
              touch(zip.map(name));
            }
          }
        });
  }

  @Test
  void pickles() {
    eachDamaged(pickle(), PICKLES, bytes -> Pickle.read(bytes, "it", global -> true));
  }

  @Test
  void tensorsOfDamagedPickles() throws IOException {
    eachDamaged(
        pickle(),
        FILES,
        bytes -> {
          try {
            Zips.write(
                folder.resolve("damaged"),
                "data.pkl",
                bytes,
                "data/0",
                Zips.floats(0, 1, 2, 3, 4, 5));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("damaged"))) {
            checkpoint.tensors().values().forEach(tensor -> touch(tensor.data()));
          }
        });
  }

  @Test
  void checkpoints() throws IOException {
    eachDamaged(
        archive(),
        FILES,
        bytes -> {
          try (Checkpoint checkpoint = Checkpoint.open(file(bytes))) {
            checkpoint.tensors().values().forEach(tensor -> touch(tensor.data()));
          }
        });
  }

  @Test
  void safetensorsFiles() throws IOException {
    eachDamaged(
        safetensors(),
        FILES,
        bytes -> {
          try (Arena arena = Arena.ofConfined()) {
            Safetensors.read(file(bytes), arena)
                .tensors()
                .values()
                .forEach(tensor -> touch(tensor.data()));
          }
        });
  }
}
