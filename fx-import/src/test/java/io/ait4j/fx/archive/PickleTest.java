package io.ait4j.fx.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Entry;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleTest {
  private static PickleValue read(Object... parts) {
    return Pickle.read(Pickles.of(parts), "it", global -> true);
  }

  private static void refused(String word, Object... parts) {
    assertThatThrownBy(() -> read(parts))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageStartingWith("it cannot be read: its pickle ")
        .hasMessageContaining(word);
  }

  @Test
  void scalarsOfEveryOpcode() {
    assertThat(read("N")).isEqualTo(PickleValue.NONE);
    assertThat(read(0x88)).isEqualTo(new PickleValue.Bool(true));
    assertThat(read(0x89)).isEqualTo(new PickleValue.Bool(false));
    assertThat(read("K", 255)).isEqualTo(new Int(255));
    assertThat(read("M", 0xff, 0xfe)).isEqualTo(new Int(0xfeff));
    assertThat(read("J", 0xfe, 0xff, 0xff, 0xff)).isEqualTo(new Int(-2));
    assertThat(read("G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)).isEqualTo(new PickleValue.Float(1.5));
    assertThat(read("X", 2, 0, 0, 0, "é".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEqualTo(new Str("é"));
    assertThat(read(0x8c, 1, "a")).isEqualTo(new Str("a"));
    assertThat(read(0x8d, 1, 0, 0, 0, 0, 0, 0, 0, "a")).isEqualTo(new Str("a"));
    assertThat(((PickleValue.Bytes) read("C", 2, "ab")).value()).containsExactly('a', 'b');
    assertThat(((PickleValue.Bytes) read("B", 1, 0, 0, 0, "b")).value()).containsExactly('b');
    assertThat(((PickleValue.Bytes) read(0x8e, 1, 0, 0, 0, 0, 0, 0, 0, "b")).value())
        .containsExactly('b');
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "01, 1",
    "ff, -1",
    "00 80, -32768",
    "ff 00, 255",
    "ff ff ff ff ff ff ff 7f, 9223372036854775807",
    "00 00 00 00 00 00 00 80, -9223372036854775808",
    "01 00 00 00 00 00 00 00 00, 1",
    "ff ff ff ff ff ff ff ff ff, -1",
  })
  void longIntegersInTwosComplement(String hex, long value) {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(read(0x8a, bytes.length, bytes)).isEqualTo(new Int(value));
    assertThat(read(0x8b, bytes.length, 0, 0, 0, bytes)).isEqualTo(new Int(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"000000000000008000", "ffffffffffffff7fff", "00000000000000000001"})
  void integersOver64BitsAreRefused(String hex) {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex);
    refused("64 bits", 0x8a, bytes.length, bytes);
  }

  @Test
  void containersOfEveryOpcode() {
    for (Object[] pickle :
        new Object[][] {
          {"(K", 1, "K", 2, "l"},
          {"](K", 1, "K", 2, "e"},
          {"]K", 1, "aK", 2, "a"},
          {0x8f, "(K", 1, "K", 2, 0x90},
          {"(K", 1, "K", 2, 0x91}
        }) {
      assertThat(((PickleValue.List) read(pickle)).elements())
          .containsExactly(new Int(1), new Int(2));
    }
    for (Object[] pickle : new Object[][] {{"(K", 1, "K", 2, "t"}, {"K", 1, "K", 2, 0x86}}) {
      assertThat(((Tuple) read(pickle)).elements()).containsExactly(new Int(1), new Int(2));
    }
    for (Object[] pickle :
        new Object[][] {
          {"(U", 1, "aK", 2, "d"},
          {"}(U", 1, "aK", 2, "u"},
          {"}U", 1, "aK", 2, "s"},
          {"ccollections\nOrderedDict\n)RU", 1, "aK", 2, "s"}
        }) {
      assertThat(((Dict) read(pickle)).entries())
          .containsExactly(new Entry(new Str("a"), new Int(2)));
    }
  }

  @Test
  void theLastOfEqualKeysWinsInTheFirstsPlace() {
    Dict dict = (Dict) read("}(U", 1, "aK", 1, "U", 1, "bK", 2, "U", 1, "aK", 3, "u");
    assertThat(dict.entries())
        .containsExactly(new Entry(new Str("a"), new Int(3)), new Entry(new Str("b"), new Int(2)));
    assertThat(dict.get("a")).contains(new Int(3));
    assertThat(dict.get("c")).isEmpty();
  }

  @Test
  void whatPythonWouldCallIsData() {
    Call call = (Call) read("cos\nsystem\nX", 2, 0, 0, 0, "ls", 0x85, "R");
    assertThat(call.callee()).isEqualTo(new Global("os", "system"));
    assertThat(call.args()).containsExactly(new Str("ls"));
    assertThat(call.isNew()).isFalse();
    Call object = (Call) read("c__torch__\nNet\n)", 0x81, "}U", 1, "wK", 5, "sb");
    assertThat(object.isNew()).isTrue();
    assertThat(((Dict) object.state()).get("w")).contains(new Int(5));
    assertThat(read(0x8c, 1, "m", 0x8c, 1, "n", 0x93)).isEqualTo(new Global("m", "n"));
  }

  @Test
  void onlyAllowedNamesMayOccur() {
    assertThatThrownBy(
            () ->
                Pickle.read(Pickles.of("cos\nsystem\n"), "it", g -> g.path().startsWith("torch.")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("os.system");
  }

  @Test
  void sharedObjectsAreOneObject() {
    Tuple tuple = (Tuple) read("]q", 0, "h", 0, 0x86);
    assertThat(tuple.elements().get(0)).isSameAs(tuple.elements().get(1));
    tuple = (Tuple) read("]r", 0, 1, 0, 0, "j", 0, 1, 0, 0, 0x86);
    assertThat(tuple.elements().get(0)).isSameAs(tuple.elements().get(1));
    tuple = (Tuple) read("]", 0x94, "h", 0, 0x86);
    assertThat(tuple.elements().get(0)).isSameAs(tuple.elements().get(1));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Call object = new Call(new Global("__torch__", "Net"), List.of(), true);
    object.build(Pickles.dict("n", new Int(1L << 40), "x", new PickleValue.Float(0.1)));
    PickleValue.List list = new PickleValue.List();
    list.add(new Str("größe"));
    list.add(PickleValue.NONE);
    Tuple value = Pickles.tuple(object, list, list, new PickleValue.Bool(true), new Int(-7));
    Tuple read = (Tuple) Pickle.read(Pickles.write(value), "it", g -> true);
    Dict state = (Dict) ((Call) read.elements().get(0)).state();
    assertThat(state.get("n")).contains(new Int(1L << 40));
    assertThat(state.get("x")).contains(new PickleValue.Float(0.1));
    assertThat(((PickleValue.List) read.elements().get(1)).elements())
        .containsExactly(new Str("größe"), PickleValue.NONE);
    assertThat(read.elements().get(2)).isSameAs(read.elements().get(1));
    assertThat(read.elements().subList(3, 5))
        .containsExactly(new PickleValue.Bool(true), new Int(-7));
  }

  @Test
  void brokenPicklesAreRefused() {
    refused("takes a value that is not there");
    refused("takes a value that is not there", "(N", "(", 0x85);
    refused("ends a group", "t");
    refused("cut off", "X", 255, 255, 255, 255, "a");
    refused("cut off", 0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80, "a");
    refused("cut off", 0x8b, 255, 255, 255, 255);
    refused("cut off", "cno line feed");
    refused("not UTF-8", "U", 1, 0xff);
    refused("opcode 0x49", "I1\n");
    refused("has not stored", "h", 3);
    refused("appends", "}N", "a");
    refused("puts entries", "]NN", "s");
    refused("key without a value", "}(N", "u");
    refused("calls something", "N)", "R");
    refused("state", "]}", "b");
    refused("by something other than text", "K", 1, "K", 2, 0x93);
    assertThatThrownBy(() -> Pickle.read(new byte[] {(byte) 0x80, 2, 'N'}, "it", g -> true))
        .hasMessageContaining("cut off");
    assertThatThrownBy(() -> Pickle.read(new byte[0], "it", g -> true))
        .hasMessageContaining("cut off");
    assertThatThrownBy(() -> Pickle.read(new byte[] {'N', '.'}, "it", g -> true))
        .hasMessageContaining("not of protocol 2");
    assertThatThrownBy(() -> Pickle.read(new byte[] {(byte) 0x80, 6, 'N', '.'}, "it", g -> true))
        .hasMessageContaining("protocol 6");
  }

  @Test
  void whatContainsItselfIsRefused() {
    refused("contains itself", "]q", 0, "h", 0, "a");
    refused("contains itself", "]q", 0, "h", 0, 0x85, "a");
    refused("contains itself", "cm\nC\n)", 0x81, "q", 0, "h", 0, "b");
  }

  @Test
  void deepAndRepetitivePicklesAreRefused() {
    List<Object> deep = new ArrayList<>(List.of("N"));
    for (int i = 0; i < 100_000; i++) {
      deep.add(0x85);
    }
    refused("deep", deep.toArray());
    // Each list holds the one before ten times: 10^20 values in all.
    List<Object> bomb = new ArrayList<>(List.of("]q", 0));
    for (int i = 0; i < 20; i++) {
      bomb.addAll(List.of("](", "h", i, "h", i, "h", i, "h", i, "h", i));
      bomb.addAll(List.of("h", i, "h", i, "h", i, "h", i, "h", i, "eq", i + 1));
    }
    refused("repeats", bomb.toArray());
    refused("more than", "]".repeat(4_000_000));
  }
}
