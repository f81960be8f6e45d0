package io.ait4j.fallback;

/** What is done for one node of the graph. */
interface Step {
  void run(Frame frame);
}
