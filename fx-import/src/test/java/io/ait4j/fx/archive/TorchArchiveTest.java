package io.ait4j.fx.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.Str;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchArchiveTest {
  @TempDir Path folder;

  private static final byte[] SIX = Zips.floats(0, 1, 2, 3, 4, 5);

  private Path saved(PickleValue value) throws IOException {
    return Zips.write(
        Files.createTempFile(folder, "a", ".pt"),
        "a/data.pkl",
        Pickles.write(value),
        "a/data/0",
        SIX);
  }

  /** What the only tensor of a file looks like, its elements in memory's order. */
  private static String read(Path file) {
    try (ZipArchive zip = ZipArchive.open(file)) {
      TorchArchive archive = TorchArchive.read(zip);
      Optional<NativeTensor> tensor = archive.tensor(archive.value(), "w");
      return tensor
          .map(t -> t + " " + java.util.Arrays.toString(t.data().toArray(ValueLayout.JAVA_FLOAT)))
          .orElse("no tensor");
    }
  }

  private void refused(PickleValue value, String... words) throws IOException {
    Path file = saved(value);
    assertThatThrownBy(() -> read(file))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining("tensor w of " + file)
        .hasMessageContainingAll(words);
  }

  private static PickleValue view(long offset, long[] sizes, long[] strides) {
    return Pickles.tensor(Pickles.storage("FloatStorage", "0", 6), offset, sizes, strides);
  }

  @Test
  void whatLibtorchPicklesIsReadBack() throws IOException {
    Path file = folder.resolve("dict.pt");
    Tensor base = torch.arange(new org.bytedeco.pytorch.Scalar(12)).reshape(3, 4);
    try (PointerScope scope = new PointerScope()) {
      GenericList list = new GenericList(ListType.ofTensors().containedType(0));
      list.push_back(new IValue(base));
      list.push_back(new IValue(base.t()));
      list.push_back(new IValue(base.select(0, 1)));
      list.push_back(new IValue(base.to(torch.ScalarType.BFloat16)));
      ByteVector bytes = torch.pickle_save(new IValue(list));
      byte[] content = new byte[(int) bytes.size()];
      for (int i = 0; i < content.length; i++) {
        content[i] = bytes.get(i);
      }
      Files.write(file, content);
    }
    try (ZipArchive zip = ZipArchive.open(file)) {
      TorchArchive archive = TorchArchive.read(zip);
      List<NativeTensor> tensors = tensors(archive, archive.value());
      NativeTensor whole = tensors.get(0);
      assertThat(whole).hasToString("int64[3, 4]");
      assertThat(whole.data().toArray(ValueLayout.JAVA_LONG))
          .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      assertThat(whole.data().isMapped()).isTrue();
      NativeTensor turned = tensors.get(1);
      assertThat(turned).hasToString("int64[4, 3] strides [1, 4]");
      assertThat(turned.data().address()).isEqualTo(whole.data().address());
      NativeTensor row = tensors.get(2);
      assertThat(row.data().address()).isEqualTo(whole.data().address() + 4 * 8);
      assertThat(row.data().byteSize()).isEqualTo(4 * 8);
      NativeTensor half = tensors.get(3);
      assertThat(half.dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(half.data().get(ValueLayout.JAVA_SHORT, 6)).isEqualTo((short) 0x4040);
    }
  }

  /** All tensors in a value, in order. */
  private static List<NativeTensor> tensors(TorchArchive archive, PickleValue value) {
    Optional<NativeTensor> tensor = archive.tensor(value, "w");
    return tensor
        .map(List::of)
        .orElseGet(
            () ->
                switch (value) {
                  case PickleValue.Call call -> tensors(archive, call.args());
                  case PickleValue.List list -> tensors(archive, list.elements());
                  default -> List.of();
                });
  }

  private static List<NativeTensor> tensors(TorchArchive archive, List<PickleValue> values) {
    return values.stream().flatMap(v -> tensors(archive, v).stream()).toList();
  }

  @Test
  void viewsKeepStridesAndOffset() throws IOException {
    assertThat(read(saved(view(0, new long[] {2, 3}, new long[] {3, 1}))))
        .isEqualTo("float32[2, 3] [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]");
    assertThat(read(saved(view(1, new long[] {2, 2}, new long[] {3, 1}))))
        .isEqualTo("float32[2, 2] strides [3, 1] [1.0, 2.0, 3.0, 4.0, 5.0]");
    assertThat(read(saved(view(5, new long[] {7}, new long[] {0}))))
        .isEqualTo("float32[7] strides [0] [5.0]");
    assertThat(read(saved(view(6, new long[] {0, 3}, new long[] {3, 1}))))
        .isEqualTo("float32[0, 3] []");
    assertThat(read(saved(view(2, new long[0], new long[0])))).isEqualTo("float32[] [2.0]");
  }

  @Test
  void parametersAndUntypedStoragesAreTensors() throws IOException {
    PickleValue plain = view(0, new long[] {6}, new long[] {1});
    String six = "float32[6] [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]";
    assertThat(
            read(
                saved(
                    Pickles.call(
                        "torch._utils._rebuild_parameter",
                        plain,
                        new PickleValue.Bool(true),
                        new Dict()))))
        .isEqualTo(six);
    PickleValue untyped =
        Pickles.call(
            "torch._utils._rebuild_tensor_v3",
            Pickles.storage("UntypedStorage", "0", 24),
            new Int(0),
            Pickles.ints(6),
            Pickles.ints(1),
            new PickleValue.Bool(false),
            new Dict(),
            new Global("torch", "float32"));
    assertThat(read(saved(untyped))).isEqualTo(six);
    PickleValue.Call call = (PickleValue.Call) plain;
    assertThat(
            read(
                saved(
                    Pickles.call(
                        "torch._tensor._rebuild_from_type_v2",
                        call.callee(),
                        new Global("torch.nn.parameter", "Parameter"),
                        new PickleValue.Tuple(call.args()),
                        new Dict()))))
        .isEqualTo(six);
    assertThat(read(saved(Pickles.dict("w", plain)))).isEqualTo("no tensor");
  }

  @Test
  void aTensorThatReachesBeyondItsStorageIsRefused() throws IOException {
    refused(view(0, new long[] {7}, new long[] {1}), "bytes 0 to 28", "has 24");
    refused(view(6, new long[] {1}, new long[] {1}), "bytes 24 to 28");
    refused(view(1, new long[] {2, 3}, new long[] {3, 1}), "bytes 4 to 28");
    refused(view(0, new long[] {1L << 62, 4}, new long[] {1L << 62, 1}), "larger than any");
    refused(view(0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0}), "larger than any");
    refused(view(1L << 62, new long[] {1}, new long[] {1}), "larger than any");
    refused(view(0, new long[] {2}, new long[] {-1}), "not a number from 0 up");
    refused(view(0, new long[] {2, 3}, new long[] {1}), "2 sizes and 1 strides");
    refused(
        Pickles.tensor(Pickles.storage("FloatStorage", "0", 7), 0, new long[] {1}, new long[] {1}),
        "7 elements of 4 bytes",
        "24 bytes");
    refused(
        Pickles.tensor(
            Pickles.storage("FloatStorage", "0", Long.MAX_VALUE),
            0,
            new long[] {1},
            new long[] {1}),
        "should have");
    refused(Pickles.floats("1", 6), "'a/data/1', is missing");
    refused(Pickles.floats("../data/0", 6), "is missing");
  }

  @Test
  void tensorsOfOtherKindsAreRefusedByName() throws IOException {
    refused(Pickles.call("torch._utils._rebuild_qtensor"), "_rebuild_qtensor", "unquantized");
    refused(Pickles.call("torch._utils._rebuild_sparse_tensor"), "dense");
    refused(Pickles.call("torch._utils._rebuild_tensor_v2"), "incomplete");
    refused(
        Pickles.tensor(Pickles.storage("QInt8Storage", "0", 6), 0, new long[] {6}, new long[] {1}),
        "QInt8Storage is not supported");
    PickleValue.Call plain = (PickleValue.Call) view(0, new long[] {6}, new long[] {1});
    refused(
        Pickles.call(
            "torch._tensor._rebuild_from_type_v2",
            plain.callee(),
            new Global("some.lib", "Packed"),
            new PickleValue.Tuple(plain.args()),
            new Dict()),
        "some.lib.Packed");
    refused(
        Pickles.call(
            "torch._utils._rebuild_tensor_v2",
            plain.args().get(0),
            plain.args().get(1),
            plain.args().get(2),
            plain.args().get(3),
            plain.args().get(4),
            new Dict(),
            Pickles.dict("conj", new PickleValue.Bool(true))),
        "lazy view");
  }

  @Test
  void aStorageThatIsNotAlignedIsCopiedOnce() throws IOException {
    for (int shift = 0; shift < 16; shift++) {
      Path file =
          Zips.write(
              folder.resolve("shifted.pt"),
              "x".repeat(shift + 1),
              new byte[0],
              "data.pkl",
              Pickles.write(
                  Pickles.tuple(
                      view(0, new long[] {6}, new long[] {1}),
                      view(2, new long[] {2}, new long[] {1}))),
              "data/0",
              SIX);
      try (ZipArchive zip = ZipArchive.open(file)) {
        TorchArchive archive = TorchArchive.read(zip);
        PickleValue.Tuple both = (PickleValue.Tuple) archive.value();
        NativeTensor whole = archive.tensor(both.elements().get(0), "w").orElseThrow();
        NativeTensor part = archive.tensor(both.elements().get(1), "w").orElseThrow();
        assertThat(whole.data().address() % 16).isZero();
        assertThat(part.data().address()).isEqualTo(whole.data().address() + 8);
        assertThat(part.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2, 3);
      }
    }
  }

  @Test
  void otherArchivesAreRefused() throws IOException {
    Path other = Zips.write(folder.resolve("other.zip"), "readme", new byte[1]);
    assertThatThrownBy(() -> read(other)).hasMessageContaining("no data.pkl");
    Path big =
        Zips.write(
            folder.resolve("big.pt"),
            "a/data.pkl",
            Pickles.write(new Str("x")),
            "a/byteorder",
            "big".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read(big)).hasMessageContaining("byte order 'big'");
  }

  @Test
  void anArchiveWithinAnArchiveIsRead() throws IOException {
    byte[] inner = Files.readAllBytes(saved(view(0, new long[] {6}, new long[] {1})));
    Path outer = Zips.write(folder.resolve("outer"), "n", new byte[3], "state_dict.pt", inner);
    try (ZipArchive zip = ZipArchive.open(outer)) {
      ZipArchive nested = zip.nested("state_dict.pt");
      TorchArchive archive = TorchArchive.read(nested);
      assertThat(
              archive
                  .tensor(archive.value(), "w")
                  .orElseThrow()
                  .data()
                  .toArray(ValueLayout.JAVA_FLOAT))
          .containsExactly(0, 1, 2, 3, 4, 5);
      archive.records().forEach(nested::verify);
      assertThatThrownBy(() -> zip.nested("n"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("n in " + outer);
    }
  }
}
