package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server and a worker tell each other over their socket; tensors stay in shared memory.
 * The server believes nothing that a worker says: it checks counts here, and sizes and places where
 * it knows the model.
 */
final class Messages {
  /** The most requests in a batch, and tensors in a request. */
  static final int MAX_COUNT = 4096;

  private static final int MAX_TEXT = 1 << 14;
  private static final int MAX_DESCRIPTION = 1 << 20;

  private Messages() {}

  /** From the server. */
  sealed interface Order {
    /**
     * Run these requests, as one batch if they are more than one.
     *
     * @param requests the inputs of each, in order
     */
    record Run(long id, List<List<TensorPlace>> requests) implements Order {}

    /** Both areas of memory have their sizes; comes first. */
    record Begin() implements Order {}

    /** The outputs that begin there have been read. */
    record Free(List<Long> offsets) implements Order {}
  }

  /** From the worker. */
  sealed interface Report {
    /** The model is loaded: a {@link ModelDescription} as JSON. */
    record Loaded(String description) implements Report {}

    /** The model cannot be loaded, or is none that can be served. */
    record Refused(ModelException.Kind kind, String why) implements Report {}

    /** A trial run does not end, nor does this process by itself. */
    record Stuck(String why) implements Report {}

    /**
     * A run is over.
     *
     * @param outcomes one for each request
     * @param computeNanos that the model took, all requests together
     */
    record Done(long id, List<Outcome> outcomes, long computeNanos) implements Report {}
  }

  /** What became of a request. */
  sealed interface Outcome {
    /**
     * @param outputs in order, in the output area
     */
    record Outputs(List<TensorPlace> outputs) implements Outcome {}

    /**
     * @param kind USAGE if the request is at fault, IO for want of room, else RUN
     */
    record Failed(ModelException.Kind kind, String why) implements Outcome {}
  }

  static void write(Order order, DataOutput out) throws IOException {
    switch (order) {
      case Order.Run run -> {
        out.writeByte(0);
        out.writeLong(run.id);
        out.writeInt(run.requests.size());
        for (List<TensorPlace> request : run.requests) {
          writePlaces(request, out);
        }
      }
      case Order.Free free -> {
        out.writeByte(1);
        out.writeInt(free.offsets.size());
        for (long offset : free.offsets) {
          out.writeLong(offset);
        }
      }
      case Order.Begin begin -> out.writeByte(2);
    }
  }

  static Order readOrder(DataInput in) throws IOException {
    switch (in.readByte()) {
      case 0 -> {
        long id = in.readLong();
        List<List<TensorPlace>> requests = new ArrayList<>();
        for (int left = count(in.readInt(), MAX_COUNT); left > 0; left--) {
          requests.add(readPlaces(in, MAX_COUNT));
        }
        return new Order.Run(id, requests);
      }
      case 1 -> {
        List<Long> offsets = new ArrayList<>();
        for (int left = count(in.readInt(), MAX_COUNT); left > 0; left--) {
          offsets.add(in.readLong());
        }
        return new Order.Free(offsets);
      }
      case 2 -> {
        return new Order.Begin();
      }
      default -> throw new IOException("no order");
    }
  }

  static void write(Report report, DataOutput out) throws IOException {
    switch (report) {
      case Report.Loaded loaded -> {
        out.writeByte(0);
        writeText(loaded.description, out);
      }
      case Report.Refused refused -> {
        out.writeByte(1);
        out.writeByte(refused.kind.ordinal());
        writeText(shortened(refused.why), out);
      }
      case Report.Stuck stuck -> {
        out.writeByte(3);
        writeText(stuck.why, out);
      }
      case Report.Done done -> {
        out.writeByte(2);
        out.writeLong(done.id);
        out.writeInt(done.outcomes.size());
        for (Outcome outcome : done.outcomes) {
          write(outcome, out);
        }
        out.writeLong(done.computeNanos);
      }
    }
  }

  /** What a report may hold. */
  interface Bounds {
    /** How many requests a run has; negative if there is no such run. */
    int requests(long id);

    /** How many outputs the model has. */
    int outputs();
  }

  static Report readReport(DataInput in, Bounds bounds) throws IOException {
    switch (in.readByte()) {
      case 0 -> {
        return new Report.Loaded(readText(in, MAX_DESCRIPTION));
      }
      case 1 -> {
        return new Report.Refused(readKind(in), readText(in, MAX_TEXT));
      }
      case 2 -> {
        long id = in.readLong();
        int requests = bounds.requests(id);
        if (requests < 0 || in.readInt() != requests) {
          throw new IOException("a report on a run that is none");
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int left = requests; left > 0; left--) {
          outcomes.add(readOutcome(in, bounds.outputs()));
        }
        return new Report.Done(id, outcomes, in.readLong());
      }
      case 3 -> {
        return new Report.Stuck(readText(in, MAX_TEXT));
      }
      default -> throw new IOException("no report");
    }
  }

  private static void write(Outcome outcome, DataOutput out) throws IOException {
    switch (outcome) {
      case Outcome.Outputs outputs -> {
        out.writeByte(0);
        writePlaces(outputs.outputs, out);
      }
      case Outcome.Failed failed -> {
        out.writeByte(1);
        out.writeByte(failed.kind.ordinal());
        writeText(shortened(failed.why), out);
      }
    }
  }

  private static Outcome readOutcome(DataInput in, int outputs) throws IOException {
    if (in.readByte() == 0) {
      return new Outcome.Outputs(readPlaces(in, outputs));
    }
    return new Outcome.Failed(readKind(in), readText(in, MAX_TEXT));
  }

  private static ModelException.Kind readKind(DataInput in) throws IOException {
    ModelException.Kind[] kinds = ModelException.Kind.values();
    return kinds[count(in.readByte(), kinds.length - 1)];
  }

  private static void writePlaces(List<TensorPlace> places, DataOutput out) throws IOException {
    out.writeInt(places.size());
    for (TensorPlace place : places) {
      place.write(out);
    }
  }

  private static List<TensorPlace> readPlaces(DataInput in, int most) throws IOException {
    List<TensorPlace> places = new ArrayList<>();
    for (int left = count(in.readInt(), most); left > 0; left--) {
      places.add(TensorPlace.read(in));
    }
    return places;
  }

  private static String shortened(String text) {
    String known = text == null ? "" : text;
    return known.substring(0, Math.min(known.length(), MAX_TEXT / 4)); // in UTF-8 at most
  }

  private static void writeText(String text, DataOutput out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInput in, int most) throws IOException {
    byte[] bytes = new byte[count(in.readInt(), most)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static int count(int count, int max) throws IOException {
    if (count < 0 || count > max) {
      throw new IOException("a count of " + count + ", and at most " + max + " make sense");
    }
    return count;
  }
}
