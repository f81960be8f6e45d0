package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;
import java.util.function.Predicate;

/**
 * Reads pickles of protocols 2 to 5 as data. Nothing is looked up, called or constructed; memory
 * and time are bounded by the pickle's size and by fixed limits.
 */
public final class Pickle {
  private Pickle() {}

  /**
   * The value that a pickle holds.
   *
   * @param source what is read, for messages: a file, an entry of an archive
   * @param allowed which names of Python modules may occur; any other is refused
   * @throws ModelException (IMPORT) if the pickle is damaged, holds itself or integers over 64
   *     bits, is too large or deep, or names what is not allowed
   */
  public static PickleValue read(
      byte[] pickle, String source, Predicate<PickleValue.Global> allowed) {
    try {
      return read(pickle, allowed);
    } catch (Corrupt e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, source + " cannot be read: " + e.getMessage(), e);
    }
  }

  static PickleValue read(byte[] pickle, Predicate<PickleValue.Global> allowed) throws Corrupt {
    PickleValue value = new PickleMachine(new PickleInput(pickle), allowed).run();
    PickleExtent.check(value);
    return value;
  }
}
