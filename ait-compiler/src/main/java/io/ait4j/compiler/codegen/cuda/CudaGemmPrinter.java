package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Prints a matrix product for GPUs: a kernel for each chosen tile, and the host's choice among them
 * by where operands lie and how many rows there are.
 */
public final class CudaGemmPrinter {
  private final CudaTarget target;
  private final Template.Gemm gemm;
  private final CudaParameters parameters;
  private final GemmOperand a;
  private final GemmOperand b;
  private final GemmChoice choice;
  private final String epilogue;
  private final Set<String> headers = new TreeSet<>(CudaEpiloguePrinter.HEADERS);

  private CudaGemmPrinter(
      Program program, TemplateKernel kernel, CudaTarget target, GemmChoice choice) {
    this.target = target;
    gemm = (Template.Gemm) kernel.template();
    parameters = new CudaParameters(program, kernel);
    epilogue = CudaEpiloguePrinter.body(program, kernel, parameters);
    a = GemmOperand.left(program, kernel.operands().get(0), parameters);
    b = GemmOperand.right(program, kernel.operands().get(1), parameters);
    this.choice = needed(choice);
  }

  /** With the tiles that the cost model takes. */
  public static CudaKernelText print(Program program, TemplateKernel kernel, CudaTarget target) {
    return print(program, kernel, target, GemmCandidates.of(program, kernel).byCost());
  }

  /** With these tiles, some of {@link GemmCandidates}. */
  public static CudaKernelText print(
      Program program, TemplateKernel kernel, CudaTarget target, GemmChoice choice) {
    return new CudaGemmPrinter(program, kernel, target, choice).print();
  }

  /** Without what no run would take. */
  private GemmChoice needed(GemmChoice all) {
    if (!target.hasWgmma() || all.copied().isEmpty()) {
      return new GemmChoice(List.of(), all.general());
    }
    boolean always = target.architectures().equals(List.of("sm_90a")) && gemm.k().min() > 0;
    return new GemmChoice(
        all.copied(), always && a.copies() && b.copies() ? List.of() : all.general());
  }

  private CudaKernelText print() {
    String aFunctor = a.isStrided() ? "" : a.functor();
    String bFunctor = b.isStrided() ? "" : b.functor();
    String host = host();
    CodeWriter device = new CodeWriter(); // last: all parameters are known now
    CudaEpiloguePrinter.struct(epilogue, parameters, device);
    functor("@_A", aFunctor, device);
    functor("@_B", bFunctor, device);
    for (int i = 0; i < choice.tiles().size(); i++) {
      kernel(i, choice.tiles().get(i), device);
    }
    return parameters.text(device.toString(), headers, host, Set.of("gemm_launch.h"));
  }

  private void functor(String name, String body, CodeWriter out) {
    if (!body.isEmpty()) {
      out.open("struct " + name);
      parameters.members(out);
      body.lines().forEach(out::line);
      out.close(";");
    }
  }

  private void kernel(int number, GemmTile tile, CodeWriter out) {
    boolean copied = tile instanceof GemmTile.Wgmma;
    String maps =
        copied
            ? ", const __grid_constant__ ait::TensorMap a_map,"
                + " const __grid_constant__ ait::TensorMap b_map"
            : "";
    out.line("typedef " + tile.type() + " @_Tile" + number + ";");
    out.open(
        "extern \"C\" __global__ void __launch_bounds__(@_Tile%d::Threads, %d) @_v%d(%s%s, const ait::GemmProblem problem%s)"
            .formatted(
                number,
                blocks(tile),
                number,
                "const ait::Context cx",
                maps,
                parameters.deviceParameters()));
    if (copied) {
      out.line("#ifdef __CUDA_ARCH_FEAT_SM90_ALL");
    }
    out.line(CudaEpiloguePrinter.instance(parameters));
    switch (tile) {
      case GemmTile.Wgmma t -> {
        headers.add("gemm_sm90.cuh");
        out.line(
            "const ait::Matrices<%s, %s> operands{a_map, b_map};"
                .formatted(!a.alongK(), b.alongK()));
        out.line(
            "ait::gemm_wgmma<%s, @_Tile%d, %s, %s>(operands, problem, epilogue);"
                .formatted(
                    Cpp.memory(a.dtype()),
                    number,
                    b.isConstant(),
                    ColumnAccess.isMultiple(gemm.n(), t.columns())));
      }
      case GemmTile.Mma t -> general("gemm_sm80.cuh", "gemm_mma", number, out);
      case GemmTile.Simt t -> general("gemm_simt.cuh", "gemm_simt", number, out);
      case GemmTile.FewRows t -> general("gemm_simt.cuh", "gemm_few_rows", number, out);
    }
    if (copied) {
      out.line("#endif");
    }
    out.close();
  }

  /** How many blocks a multiprocessor shall hold at once. */
  private static int blocks(GemmTile tile) {
    return switch (tile) {
      case GemmTile.Wgmma t -> 1;
      case GemmTile.Mma t -> 2;
      case GemmTile.Simt t -> t.threads() > 256 ? 1 : 2;
      case GemmTile.FewRows t -> 2;
    };
  }

  private void general(String header, String function, int number, CodeWriter out) {
    headers.add(header);
    out.line("const " + a.type("@_A") + " a" + a.value() + ";");
    out.line("const " + b.type("@_B") + " b" + b.value() + ";");
    out.line("ait::" + function + "<@_Tile" + number + ">(a, b, problem, epilogue);");
  }

  private String host() {
    String batch = parameters.spell(gemm.batch());
    String m = parameters.spell(gemm.m());
    String n = parameters.spell(gemm.n());
    String k = parameters.spell(gemm.k());
    CodeWriter out = new CodeWriter();
    out.open("void @(" + parameters.hostSignature() + ")");
    String sizes = String.join(", ", batch, m, n, k);
    out.line("if (!ait::gemm_exists(cx, " + sizes + ")) return;");
    out.line(
        "const ait::GemmProblem problem = ait::gemm_problem(%s, %s, %s);"
            .formatted(sizes, a.batchStep(), b.batchStep()));
    if (!choice.copied().isEmpty()) {
      out.line("const ait::GemmMatrix a = " + a.matrix() + ";");
      out.line("const ait::GemmMatrix b = " + b.matrix() + ";");
      boolean always = choice.general().isEmpty();
      out.open(
          always
              ? ""
              : "if (cx.capability == 90 && problem.k > 0 && ait::gemm_copies(a, problem.m, problem.k, problem.batch)"
                  + " && ait::gemm_copies(b, problem.n, problem.k, problem.batch))");
      cases(choice.copied(), ", a, b", out);
      out.close();
    }
    cases(choice.general(), "", out);
    out.close();
    return out.toString();
  }

  private void cases(List<GemmChoice.Case> cases, String operands, CodeWriter out) {
    for (GemmChoice.Case c : cases) {
      boolean last = c == cases.getLast();
      out.open(last ? "" : "if (problem.m <= " + c.rows() + ")");
      int number = choice.tiles().indexOf(c.tile());
      out.line("static ait::DeviceKernel kernel{\"@_v" + number + "\"};");
      String function =
          switch (c.tile()) {
            case GemmTile.Wgmma t -> "wgmma";
            case GemmTile.Mma t -> "tiles";
            case GemmTile.Simt t -> "tiles";
            case GemmTile.FewRows t -> "few_rows";
          };
      out.line(
          "return ait::launch_%s<%s>(cx, kernel, problem%s%s);"
              .formatted(function, c.tile().type(), operands, parameters.names()));
      out.close();
    }
  }
}
