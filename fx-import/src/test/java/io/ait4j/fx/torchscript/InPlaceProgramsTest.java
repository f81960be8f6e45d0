package io.ait4j.fx.torchscript;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random programs of views, copies and writes in place behave as in libtorch. */
class InPlaceProgramsTest {
  private static final int PROGRAMS = 200;

  /** A tensor of the program under construction. */
  private record Variable(String name, int[] shape) {}

  /** Writes statements over variables whose shapes it knows. */
  private static final class Program {
    private final Random random;
    private final List<Variable> variables = new ArrayList<>();
    private final StringBuilder text = new StringBuilder("def forward(self, x):\n");

    Program(long seed) {
      random = new Random(seed);
      add("x + 0", 2, 4, 3);
      for (int i = 0; i < 14; i++) {
        Variable v = variables.get(random.nextInt(variables.size()));
        switch (random.nextInt(5)) {
          case 0, 1 -> view(v);
          case 2 -> copy(v);
          default -> write(v);
        }
      }
      text.append("    return ")
          .append(String.join(", ", variables.stream().map(Variable::name).toList()))
          .append("\n");
    }

    private void add(String expression, int... shape) {
      Variable variable = new Variable("t" + variables.size(), shape);
      variables.add(variable);
      text.append("    ").append(variable.name).append(" = ").append(expression).append("\n");
    }

    private void view(Variable v) {
      int rank = v.shape.length;
      if (rank == 0) {
        add(v.name + ".unsqueeze(0)", 1);
        return;
      }
      int d = random.nextInt(rank);
      int size = v.shape[d];
      int i = random.nextInt(size);
      int[] shape = v.shape.clone();
      switch (random.nextInt(8)) {
        case 0 -> add(v.name + ".select(" + d + ", " + i + ")", without(v.shape, d));
        case 1 -> {
          shape[d] = size - i;
          add(v.name + ".narrow(" + d + ", " + i + ", " + (size - i) + ")", shape);
        }
        case 2 -> {
          int e = random.nextInt(rank);
          shape[d] = v.shape[e];
          shape[e] = size;
          add(v.name + ".transpose(" + d + ", " + e + ")", shape);
        }
        case 3 -> add(v.name + ".unsqueeze(" + d + ")", with(v.shape, d));
        case 4 -> add(v.name + ".detach()", shape);
        case 5 -> {
          int part = random.nextInt(size);
          add(v.name + ".unbind(" + d + ")[" + part + "]", without(v.shape, d));
        }
        case 6 -> {
          shape[d] = (size + 1) / 2;
          add(v.name + ".slice(" + d + ", 0, None, 2)", shape);
        }
        default -> add(v.name + ".flatten()", Arrays.stream(v.shape).reduce(1, (a, b) -> a * b));
      }
    }

    private void copy(Variable v) {
      int n = Arrays.stream(v.shape).reduce(1, (a, b) -> a * b);
      switch (random.nextInt(5)) {
        case 0 -> add(v.name + " * 2", v.shape);
        case 1 -> add(v.name + ".clone()", v.shape);
        case 2 -> add(v.name + ".contiguous()", v.shape);
        case 3 -> add(v.name + ".reshape(" + n + ")", n);
        default -> add(v.name + ".to(6)", v.shape);
      }
    }

    private void write(Variable v) {
      Variable other = variables.get(random.nextInt(variables.size()));
      boolean fits = Arrays.equals(other.shape, v.shape);
      int n = random.nextInt(9);
      text.append("    ")
          .append(v.name)
          .append(
              switch (random.nextInt(6)) {
                case 0 -> ".add_(" + n + ")";
                case 1 -> ".mul_(" + n + ")";
                case 2 -> ".fill_(" + n + ")";
                case 3 -> fits ? ".copy_(" + other.name + " + 1)" : ".zero_()";
                case 4 -> fits ? ".sub_(" + other.name + " * 3)" : ".neg_()";
                default -> v.shape.length > 0 ? "[0] = " + n : ".relu_()";
              })
          .append("\n");
    }

    private static int[] without(int[] shape, int d) {
      List<Integer> all = new ArrayList<>(Arrays.stream(shape).boxed().toList());
      all.remove(d);
      return all.stream().mapToInt(i -> i).toArray();
    }

    private static int[] with(int[] shape, int d) {
      List<Integer> all = new ArrayList<>(Arrays.stream(shape).boxed().toList());
      all.add(d, 1);
      return all.stream().mapToInt(i -> i).toArray();
    }
  }

  @Test
  void programsComputeWhatLibtorchComputes() {
    for (long seed = 0; seed < PROGRAMS; seed++) {
      Program program = new Program(seed);
      try {
        Scripts.check(program.text.toString(), Scripts.range(2, 4, 3));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + "\n" + program.text + "\n" + e.getMessage(), e);
      }
    }
  }
}
