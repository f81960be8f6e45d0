package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorSchemaTest {
  private static OperatorSchema find(String target) {
    return OperatorSchemas.find(OpTarget.parse(target)).orElseThrow();
  }

  @Test
  void everySchemaOfTheTableParsesWithEveryDefaultFittingItsType() {
    assertThat(OperatorSchemas.targets()).hasSizeGreaterThan(4000);
    for (OpTarget target : OperatorSchemas.targets()) {
      OperatorSchema schema = OperatorSchemas.find(target).orElseThrow();
      assertThat(schema.target()).isEqualTo(target);
      for (OperatorSchema.Parameter p : schema.parameters()) {
        p.defaultValue()
            .ifPresent(d -> assertThat(p.type().coerce(d)).as("%s of %s", p, target).contains(d));
      }
    }
  }

  @Test
  void defaultsFillTheArgumentsThatAreNotGiven() {
    assertThat(find("aten::add.Tensor").match(List.of(new Arg.Value("a"), new Arg.Int(2))))
        .containsExactly(new Arg.Value("a"), new Arg.Int(2), new Arg.Int(1));
    assertThat(find("aten::softmax.int").match(List.of(new Arg.Value("a"), new Arg.Int(-1))))
        .endsWith(Arg.NONE);
    assertThat(
            find("aten::conv2d")
                .match(
                    List.of(new Arg.Value("x"), new Arg.Value("w")),
                    Map.of("groups", new Arg.Int(4), "stride", Arg.ints(2))))
        .containsExactly(
            new Arg.Value("x"),
            new Arg.Value("w"),
            Arg.NONE,
            Arg.ints(2, 2),
            Arg.ints(0, 0),
            Arg.ints(1, 1),
            new Arg.Int(4));
  }

  @Test
  void numbersBecomeWhatTheParameterMeans() {
    assertThat(find("aten::to.dtype").match(List.of(new Arg.Value("a"), new Arg.Int(15))).get(1))
        .isEqualTo(new Arg.Type(DType.BFLOAT16));
    assertThat(
            find("aten::clone")
                .match(List.of(new Arg.Value("a")), Map.of("memory_format", new Arg.Int(2)))
                .get(1))
        .isEqualTo(new Arg.MemoryFormat("channels_last"));
    assertThat(
            find("aten::dropout")
                .match(List.of(new Arg.Value("a"), new Arg.Int(0), new Arg.Bool(false)))
                .get(1))
        .isEqualTo(new Arg.Float(0));
  }

  @Test
  void aliasesAndMutationAreKnown() {
    assertThat(find("aten::add_.Tensor").mutates()).isTrue();
    assertThat(find("aten::add.Tensor").mutates()).isFalse();
    SchemaType self = find("aten::view").parameters().getFirst().type();
    assertThat(self.aliasSet())
        .isEqualTo("a")
        .isEqualTo(find("aten::view").returns().getFirst().aliasSet());
    assertThat(self.written()).isFalse();
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> find("aten::add.Tensor").match(List.of(new Arg.Value("a"))))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("aten::add.Tensor", "other");
    assertThatThrownBy(
            () -> find("aten::relu").match(List.of(new Arg.Value("a")), Map.of("slope", Arg.NONE)))
        .hasMessageContaining("slope");
    assertThatThrownBy(() -> find("aten::relu").match(List.of(new Arg.Value("a"), new Arg.Int(1))))
        .hasMessageContaining("2 arguments");
    assertThatThrownBy(
            () -> find("aten::permute").match(List.of(new Arg.Value("a"), new Arg.Str("x"))))
        .hasMessageContainingAll("dims", "int[]");
  }
}
