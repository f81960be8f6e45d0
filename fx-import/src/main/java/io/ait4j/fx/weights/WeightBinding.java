package io.ait4j.fx.weights;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A graph whose weights come from a checkpoint, by name.
 *
 * @param graph with the weights of the checkpoint where it has them, else its own
 * @param missing parameters that the checkpoint lacks; they keep the model's values, so that a
 *     strict user refuses
 * @param misshapen weights that the checkpoint has in another shape or dtype, and which
 * @param kept buffers that the checkpoint lacks, which it may: they keep the model's values
 * @param extra tensors of the checkpoint that the graph does not read
 * @param stripped what all the checkpoint's names, and none of the model's, begin with: {@code
 *     module.} of DataParallel, or nothing
 */
public record WeightBinding(
    FxGraph graph,
    List<String> missing,
    List<String> misshapen,
    List<String> kept,
    List<String> extra,
    String stripped) {
  private static final Logger LOG = LoggerFactory.getLogger(WeightBinding.class);

  private static final int LONGEST_LIST = 20;

  public WeightBinding {
    missing = List.copyOf(missing);
    misshapen = List.copyOf(misshapen);
    kept = List.copyOf(kept);
    extra = List.copyOf(extra);
  }

  /**
   * The model with the weights of a checkpoint file in place of its own.
   *
   * @param model taken over: it is closed with the result, or at once if this fails
   * @throws ModelException (IMPORT) if the file cannot be read; (USAGE) listing the parameters that
   *     it lacks or has in another shape or dtype
   */
  public static ImportedModel bind(ImportedModel model, Path weights) {
    Arena arena = Arena.ofShared();
    Checkpoint checkpoint = null;
    try {
      checkpoint = Checkpoint.open(weights);
      FxGraph graph = of(model.graph(), checkpoint, arena).strict(checkpoint, model.settled());
      Checkpoint opened = checkpoint;
      return new ImportedModel(
          graph,
          () -> {
            close(arena, opened);
            model.close();
          });
    } catch (RuntimeException e) {
      close(arena, checkpoint);
      model.close();
      throw e;
    }
  }

  private static void close(Arena arena, Checkpoint checkpoint) {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    if (checkpoint != null) {
      checkpoint.close();
    }
  }

  /**
   * Binds what fits.
   *
   * @param arena for tensors whose strides the graph wants otherwise; the others stay in the
   *     checkpoint
   */
  public static WeightBinding of(FxGraph graph, Checkpoint checkpoint, Arena arena) {
    return new BindingSearch(graph, checkpoint, arena).bind();
  }

  /** The graph, if all that it needs was found. */
  private FxGraph strict(Checkpoint checkpoint, Set<String> settled) {
    Set<String> names = checkpoint.tensors().keySet();
    List<String> late =
        settled.stream().filter(name -> names.contains(stripped + name)).sorted().toList();
    if (!late.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          checkpoint.source()
              + " has tensors whose values in the model file have become part of the graph"
              + listed(": ", late)
              + ". Export the model anew with these weights");
    }
    if (!missing.isEmpty() || !misshapen.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          checkpoint.source()
              + " does not fit the model"
              + listed("; it lacks: ", missing)
              + listed("; it has in another form: ", misshapen)
              + listed("; it has what the model does not read: ", extra)
              + ". Give the checkpoint of this very model, with its names");
    }
    if (!kept.isEmpty()) {
      LOG.warn(
          "{} lacks buffers, which keep the model's own values{}",
          checkpoint.source(),
          listed(": ", kept));
    }
    if (!extra.isEmpty()) {
      LOG.warn("{} has what the model does not read{}", checkpoint.source(), listed(": ", extra));
    }
    return graph;
  }

  private static String listed(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    int more = names.size() - LONGEST_LIST;
    return what
        + String.join(", ", more > 0 ? names.subList(0, LONGEST_LIST) : names)
        + (more > 0 ? " and " + more + " more" : "");
  }
}
