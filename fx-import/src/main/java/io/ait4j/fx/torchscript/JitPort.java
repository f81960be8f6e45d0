package io.ait4j.fx.torchscript;

/**
 * A value of a TorchScript graph.
 *
 * @param id unique in the graph, blocks included
 * @param name as TorchScript prints it
 * @param type as TorchScript prints it
 */
record JitPort(long id, String name, String type) {}
