package io.ait4j.web.jobs;

/** A model's name is another owner's. */
public final class NameTaken extends Exception {
  private static final long serialVersionUID = 1L;

  /** Names the name. */
  public NameTaken(String name) {
    super("the model name " + name + " belongs to somebody else; choose another one");
  }
}
