package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;

  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (int i = 0; i < dataBytes; i++) {
      bytes.put((byte) i);
    }
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  @Test
  void writtenTensorsReadBackRowMajor() {
    Path file = folder.resolve("out.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment six = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4, 5, 6);
      Map<String, NativeTensor> tensors = new LinkedHashMap<>();
      tensors.put(
          "flag",
          NativeTensor.contiguous(
              DType.BOOL, new long[0], arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1)));
      tensors.put(
          "transposed", new NativeTensor(DType.INT32, new long[] {3, 2}, new long[] {1, 3}, six));
      tensors.put(
          "empty", NativeTensor.contiguous(DType.FLOAT64, new long[] {0, 4}, arena.allocate(0)));
      Safetensors.write(file, tensors, Map.of("format", "pt"));

      Safetensors read = Safetensors.read(file, arena);
      assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
      assertThat(read.tensors()).containsOnlyKeys("flag", "transposed", "empty");
      NativeTensor transposed = read.tensors().get("transposed");
      assertThat(transposed.sizes()).containsExactly(3, 2);
      assertThat(transposed.strides()).containsExactly(2, 1);
      assertThat(transposed.data().toArray(ValueLayout.JAVA_INT)).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(read.tensors().get("flag").shape()).isEmpty();
      assertThat(read.tensors().get("flag").data().get(ValueLayout.JAVA_BYTE, 0))
          .isEqualTo((byte) 1);
      assertThat(read.tensors().get("empty").shape()).containsExactly(0L, 4L);
    }
    assertThat(folder).isDirectoryContaining(p -> p.equals(file));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void misalignedTensorsAreUsable() throws IOException {
    Path file = file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} ", 4);
    try (Arena arena = Arena.ofConfined()) {
      NativeTensor a = Safetensors.read(file, arena).tensors().get("a");
      assertThat(a.data().address() % 4).isZero();
      assertThat(a.data().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x03020100);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}                    | 4 | truncated
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                    | 8 | 8 are there
          {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}                    | 8 | needs 12 bytes
          {"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}                    | 8 | F99
          {"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}                    | 1 | not a size
          {"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}                   | 1 | not a size
          {"a":{"dtype":"U8","shape":[1]}}                                          | 1 | lacks
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}               | 1 | unknown field 'x'
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}                     | 1 | [begin, end]
          {"a":{"dtype":"U8","shape":[9223372036854775807,4],"data_offsets":[0,1]}} | 1 | larger than any file
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}                     | 2 | a gap
          {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}} | 2 | Duplicate
          {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}} | 3 | an overlap
          {"__metadata__":{"a":1}}                                                  | 0 | metadata 'a'
          {"a":3}                                                                   | 0 | not an object
          [1]                                                                       | 0 | begin with '{'
          {} {}                                                                     | 0 | text follows
          {"a"                                                                      | 0 | not JSON
          """)
  void everyBreachOfTheFormatIsNamed(String header, int dataBytes, String complaint)
      throws IOException {
    Path file = file(header, dataBytes);
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> Safetensors.read(file, arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(complaint);
    }
  }

  @Test
  void wrongLengthsAreNamed() throws IOException {
    Path file = folder.resolve("x.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> Safetensors.read(file, arena)).hasMessageContaining("no such file");
      Files.write(file, new byte[0]);
      assertThatThrownBy(() -> Safetensors.read(file, arena)).hasMessageContaining("0 bytes");
      Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{'});
      assertThatThrownBy(() -> Safetensors.read(file, arena)).hasMessageContaining("length");
      Files.write(file, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
      assertThatThrownBy(() -> Safetensors.read(file, arena)).hasMessageContaining("inside");
    }
  }

  @Test
  void complexTensorsAndMissingFoldersAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, NativeTensor> complex =
          Map.of("z", NativeTensor.contiguous(DType.COMPLEX64, new long[0], arena.allocate(8)));
      assertThatThrownBy(() -> Safetensors.write(folder.resolve("z"), complex, Map.of()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("complex64");
      assertThatThrownBy(() -> Safetensors.write(folder.resolve("no/z"), Map.of(), Map.of()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("folder");
    }
  }
}
