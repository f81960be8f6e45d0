package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that tensors of the source program share. Its content is a value of the graph; a write
 * makes the next one.
 */
public final class Storage {
  /** Who else sees a write. */
  public enum Owner {
    /** The model's own intermediate: writes are free. */
    GRAPH,
    /** A constant of the model, which nothing may write. */
    WEIGHTS,
    /** Whoever made it hands out what was written. */
    READER
  }

  private static final AtomicLong VERSIONS = new AtomicLong();

  final Owner owner;
  final String name;

  /** A write from a deeper block must be passed out. */
  final int level;

  private final Arg.Value initial;

  Arg.Value content;
  long version;

  boolean written;

  /** Set when the memory's content is no longer known: reading it is refused for this reason. */
  String poison;

  /** Storages that may or may not be the same memory: a write here makes their content unknown. */
  final List<Storage> doubtful = new ArrayList<>();

  /** True once the content's strides may differ from those the memory has in PyTorch. */
  boolean restrided;

  Storage(Owner owner, String name, int level, Arg.Value content) {
    this.owner = owner;
    this.name = name;
    this.level = level;
    this.initial = content;
    this.content = content;
    this.version = VERSIONS.incrementAndGet();
  }

  public Owner owner() {
    return owner;
  }

  /** By which its owner knows it; empty for the graph's own. */
  public String name() {
    return name;
  }

  /** Depth of the block that made it. */
  public int level() {
    return level;
  }

  /** Its value in the graph before anything was written. */
  public Arg.Value initial() {
    return initial;
  }

  /** Its present value in the graph. */
  public Arg.Value content() {
    return content;
  }

  /** Whether anything was written since it was made. */
  public boolean isWritten() {
    return written;
  }

  void put(Arg.Value next) {
    written = true;
    content = next;
    version = VERSIONS.incrementAndGet();
  }
}
