package io.ait4j.fx;

/**
 * Two sizes that an operator needs to be equal and that nothing in the model makes equal, though
 * they may be: {@code n} and {@code m}, or the remainder of a division and 0. Whoever knows more (a
 * reader that may give two symbols one name, a guard) can act on the two expressions.
 */
public final class UnprovenEquality extends ModelException {
  private static final long serialVersionUID = 1L;

  private final transient Dim left;
  private final transient Dim right;
  private final String problem;

  private UnprovenEquality(String problem, Dim left, Dim right) {
    super(
        Kind.IMPORT,
        "%s. That takes %s == %s, which nothing in the model says; give equal dimensions one name,"
                .formatted(problem, left, right)
            + " or give them constant sizes");
    this.problem = problem;
    this.left = left;
    this.right = right;
  }

  /**
   * The exception for sizes that are not the same expression: this one if they may be equal, a
   * plain {@link ModelException} (IMPORT) with the problem if they cannot be.
   *
   * @param problem the operator and what does not fit
   */
  public static ModelException of(String problem, Dim left, Dim right) {
    Dim difference = left.minus(right);
    return difference.min() > 0 || difference.max() < 0
        ? new ModelException(Kind.IMPORT, problem + "; check the model and its inputs' shapes")
        : new UnprovenEquality(problem, left, right);
  }

  /** The operator, its place and what does not fit. */
  public String problem() {
    return problem;
  }

  public Dim left() {
    return left;
  }

  public Dim right() {
    return right;
  }

  /** The same, told from further out: {@code where} comes first in the message. */
  UnprovenEquality at(String where) {
    UnprovenEquality outer = new UnprovenEquality(where + ": " + problem, left, right);
    outer.initCause(this);
    return outer;
  }
}
