package io.ait4j.fx;

import java.util.List;
import java.util.Objects;

/**
 * What a graph means to its caller beyond computing outputs from inputs: the counterpart of {@code
 * torch.export}'s graph signature.
 *
 * <p>A graph is functional even where its source is not. A buffer that the source writes is an
 * input that holds the buffer's old value and an output that holds its new one; a tensor of the
 * caller's that the source writes is an ordinary input and an output with what is to be written
 * back. Such outputs come after those the user gets.
 *
 * @param outputNames of the outputs that the user gets, in order; empty if the source names none
 * @param states buffers that a run changes
 * @param inputMutations tensors of the caller's that a run changes
 * @param guards what must hold of the symbols for the graph to be what its source computes; the
 *     bounds of each symbol go without saying
 */
public record GraphSignature(
    List<String> outputNames,
    List<State> states,
    List<InputMutation> inputMutations,
    List<Guard> guards) {
  public static final GraphSignature NONE =
      new GraphSignature(List.of(), List.of(), List.of(), List.of());

  public GraphSignature {
    outputNames = List.copyOf(outputNames);
    states = List.copyOf(states);
    inputMutations = List.copyOf(inputMutations);
    guards = List.copyOf(guards);
  }

  /**
   * A buffer that a run changes.
   *
   * @param input name of the graph's input that takes the buffer's value; no user gives it
   * @param output index of the graph's output that is its next value, of the same type
   * @param initial its value before the first run, and its name
   */
  public record State(String input, int output, Weight initial) {
    public State {
      Objects.requireNonNull(input);
      Objects.requireNonNull(initial);
    }
  }

  /**
   * A write to a tensor of the caller's.
   *
   * @param input name of the input written
   * @param output index of the graph's output that is its new content, of the same shape
   */
  public record InputMutation(String input, int output) {
    public InputMutation {
      Objects.requireNonNull(input);
    }
  }

  /** How many of {@code graph}'s outputs the user gets; they come first. */
  public int userOutputs(FxGraph graph) {
    return graph.outputs().size() - states.size() - inputMutations.size();
  }

  /** Whether the user gives the input of that name. */
  public boolean isUserInput(String input) {
    return states.stream().noneMatch(s -> s.input().equals(input));
  }
}
