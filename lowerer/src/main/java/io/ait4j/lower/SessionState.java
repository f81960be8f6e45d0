package io.ait4j.lower;

import io.ait4j.fx.cuda.CudaStream;
import java.util.ArrayList;
import java.util.List;

/** The buffers that a session keeps, in the order of the module's states. Of one run at a time. */
final class SessionState implements AutoCloseable {
  private final List<ModuleInterface.State> states;
  private List<Held> values;

  /** In whose order the values were made; null if they are there already. */
  private CudaStream stream;

  /** Begins with the first values, which stay where they lie. */
  SessionState(List<ModuleInterface.State> states) {
    this.states = states;
    this.values =
        states.stream().map(state -> new Held(state.initial(), Owner.OUTSIDE, false)).toList();
  }

  /** Gives a run what it begins with. */
  void enter(Execution run) {
    if (isOfAnotherStream(run)) {
      stream.synchronize();
    }
    for (int i = 0; i < states.size(); i++) {
      Held value = values.get(i);
      run.put(states.get(i).input(), new Held(value.tensor(), value.owner().retain(), false));
    }
  }

  /** The values after a run, which {@link #replace} takes or the caller releases. */
  List<Held> next(Execution run) {
    List<Held> next = new ArrayList<>();
    try {
      states.forEach(state -> next.add(run.keep(state.next(), run.place().work())));
      return next;
    } catch (Throwable e) {
      Held.release(next);
      throw e;
    }
  }

  /** Takes what a run leaves. */
  void replace(List<Held> next, Execution run) {
    if (isOfAnotherStream(run)) {
      run.place().finish(); // the values before are freed in the order of the other stream
    }
    stream = run.place().stream();
    List<Held> before = values;
    values = next;
    Held.release(before);
  }

  /** In whose order the values were made; null if they are there already. */
  CudaStream stream() {
    return stream;
  }

  private boolean isOfAnotherStream(Execution run) {
    return stream != null && stream != run.place().stream();
  }

  /** The value of a state. */
  Held value(int index) {
    return values.get(index);
  }

  @Override
  public void close() {
    Held.release(values);
    values = List.of();
  }
}
