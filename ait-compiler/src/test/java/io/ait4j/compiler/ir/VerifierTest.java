package io.ait4j.compiler.ir;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Illegal programs are refused, each by the rule it breaks. */
class VerifierTest {
  private static final Dim.Symbol I = (Dim.Symbol) symbol("i", 4);
  private static final Dim.Symbol J = (Dim.Symbol) symbol("j", 3);

  private final Map<String, Buffer> buffers = new LinkedHashMap<>();

  VerifierTest() {
    add("x", DType.FLOAT32, Buffer.Role.INPUT, 4);
    add("t", DType.FLOAT32, Buffer.Role.TEMP, 4);
    add("y", DType.FLOAT32, Buffer.Role.OUTPUT, 4);
  }

  private static Dim.Atom symbol(String name, long extent) {
    return new Dim.Symbol(name, 0, extent - 1, Dim.of(extent));
  }

  private void add(String name, DType dtype, Buffer.Role role, long... shape) {
    buffers.put(name, Buffer.of(name, TensorMeta.contiguous(dtype, shape), role));
  }

  private static Expr load(String buffer, Dim... index) {
    return new Expr.Load(buffer, DType.FLOAT32, List.of(index));
  }

  private static Stage stage(String target, Expr body, Dim.Symbol... axes) {
    return new Stage(List.of(axes), target, List.of(Dim.of(I)), body);
  }

  private static LoopKernel loop(String name, Stage... stages) {
    return new LoopKernel(name, List.of(), List.of(stages), List.of());
  }

  private void verify(Kernel... kernels) {
    Verifier.verify(new Program(buffers, List.of(kernels), List.of("x"), List.of("y"), List.of()));
  }

  private void refused(String rule, Kernel... kernels) {
    assertThatThrownBy(() -> verify(kernels))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(rule);
  }

  @Test
  void takesALegalProgram() {
    assertThatCode(
            () ->
                verify(
                    loop("a", stage("t", load("x", Dim.of(I)), I)),
                    loop("b", stage("y", load("t", Dim.of(I)), I))))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesReadsBeforeWrites() {
    refused(
        "b: reads t before it is written",
        loop("b", stage("y", load("t", Dim.of(I)), I)),
        loop("a", stage("t", load("x", Dim.of(I)), I)));
    refused(
        "reads t in or before the stage that writes it",
        loop("a", stage("y", load("t", Dim.of(I)), I), stage("t", load("x", Dim.of(I)), I)));
  }

  @Test
  void refusesWritesToWhatIsNotOurs() {
    refused(
        "writes x, which belongs to the caller", loop("a", stage("x", load("x", Dim.of(I)), I)));
    refused("y: is an output that nobody writes", loop("a", stage("t", load("x", Dim.of(I)), I)));
  }

  @Test
  void refusesWrongRanksAndStrangeSymbols() {
    refused("which has rank 1", loop("a", stage("y", load("x", Dim.of(I), Dim.ZERO), I)));
    refused("j is not in scope", loop("a", stage("y", load("x", Dim.of(J)), I)));
    refused("i is not in scope", loop("a", stage("y", load("x", Dim.of(J)), J)));
    refused("has an axis twice", loop("a", stage("y", load("x", Dim.of(I)), I, I)));
    Expr reduce = new Expr.Reduce(ReduceOp.SUM, List.of(I), load("x", Dim.of(I)));
    refused("reduces over i, which is in use", loop("a", stage("y", reduce, I)));
  }

  @Test
  void refusesReductionsInReductions() {
    Dim.Symbol k = (Dim.Symbol) symbol("k", 4);
    Expr inner = new Expr.Reduce(ReduceOp.MAX, List.of(k), load("x", Dim.of(k)));
    Expr outer = new Expr.Reduce(ReduceOp.SUM, List.of(J), inner);
    refused("a reduction directly in a reduction", loop("a", stage("y", outer, I)));
  }

  @Test
  void refusesWrongTypes() {
    add("k", DType.INT64, Buffer.Role.INPUT, 4);
    Expr integer = new Expr.Load("k", DType.INT64, List.of(Dim.of(I)));
    refused("stores INT64 in y of FLOAT32", loop("a", stage("y", integer, I)));
    refused("loads FLOAT32 from k of INT64", loop("a", stage("y", load("k", Dim.of(I)), I)));
    Expr wrong = new Expr.Binary(BinaryOp.ADD, DType.FLOAT32, load("x", Dim.of(I)), integer);
    refused("ADD of FLOAT32 and INT64", loop("a", stage("y", wrong, I)));
    Expr choice = Expr.select(load("x", Dim.of(I)), load("x", Dim.of(I)), load("x", Dim.of(I)));
    refused("a condition of FLOAT32", loop("a", stage("y", choice, I)));
    Expr sum = new Expr.Accumulator(DType.FLOAT32);
    refused("an accumulator where no template hands one over", loop("a", stage("y", sum, I)));
  }

  @Test
  void refusesFoldingOfData() {
    add("f", DType.FLOAT32, Buffer.Role.FOLDED, 4);
    refused(
        "folds f from what is no constant",
        loop("a", stage("f", load("x", Dim.of(I)), I)),
        loop("b", stage("y", load("x", Dim.of(I)), I)));
  }

  @Test
  void refusesTemplatesWithOtherOperands() {
    Template gemm = new Template.Gemm(Dim.ONE, Dim.of(4), Dim.of(3), Dim.of(2));
    Stage epilogue = stage("y", new Expr.Accumulator(DType.FLOAT32), I);
    refused("has 0 operands", new TemplateKernel("g", gemm, List.of(), "", epilogue, List.of()));
    Operand operand = new Operand(List.of(I), load("x", Dim.of(I)));
    refused(
        "operand 0 runs over",
        new TemplateKernel("g", gemm, List.of(operand, operand), "", epilogue, List.of()));
  }

  private static FunctionKernel function(String name, FunctionKernel.Argument... arguments) {
    return new FunctionKernel(
        name,
        new Header("f.h", ""),
        "f",
        List.of(),
        "own::f",
        List.of(arguments),
        Dim.ONE,
        List.of());
  }

  private static FunctionKernel.Read read(Expr value) {
    return new FunctionKernel.Read(new Operand(List.of(I), value));
  }

  private static FunctionKernel.Write write(String target, Dim index) {
    return new FunctionKernel.Write(List.of(I), target, List.of(index));
  }

  @Test
  void functionsReadAndWriteThroughStrides() {
    Dim i = Dim.of(I);
    Dim backwards = Dim.of(3).minus(i);
    FunctionKernel.Argument copied = write("y", i);
    assertThatCode(() -> verify(function("k", read(load("x", backwards)), write("y", backwards))))
        .doesNotThrowAnyException();
    refused("reads what no strides", function("k", read(load("x", i.floorDiv(2))), copied));
    refused(
        "reads what no strides",
        function("k", read(Expr.unary(UnaryOp.NEG, load("x", i))), copied));
    refused("writes what no strides", function("k", read(load("x", i)), write("y", i.floorDiv(2))));
    refused(
        "varies in a run", function("k", read(load("x", i)), copied, new FunctionKernel.Size(i)));
    refused("no result", function("k", read(load("x", i))), loop("l", stage("y", load("x", i), I)));
    refused(
        "scratch that another reads",
        function("k", read(load("x", i)), new FunctionKernel.Scratch("t"), copied),
        loop("l", stage("y", load("t", i), I)));
    refused(
        "scratch that another reads",
        function("k", read(load("x", i)), copied, new FunctionKernel.Workspace("t")),
        loop("l", stage("y", load("t", i), I)));
  }
}
