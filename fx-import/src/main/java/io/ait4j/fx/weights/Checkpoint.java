package io.ait4j.fx.weights;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named tensors of a file: a state_dict that {@code torch.save} wrote, alone or under a key such as
 * {@code state_dict}; a safetensors file; or the JSON index of shards of either.
 *
 * @param source for messages
 * @param tensors by name, in the mapped files; readable until the checkpoint is closed
 * @param storage the mappings
 */
public record Checkpoint(String source, Map<String, NativeTensor> tensors, Runnable storage)
    implements AutoCloseable {
  private static final int HEAD = 9;

  public Checkpoint {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Maps {@code file} and reads what tensors it has.
   *
   * @throws ModelException (IMPORT) naming the file if it is none of these or damaged
   */
  public static Checkpoint open(Path file) {
    byte[] head = head(file);
    if (isSafetensors(head)) {
      return SafetensorsCheckpoint.open(file);
    }
    if (head.length >= 2 && head[0] == 'P' && head[1] == 'K') {
      return StateDict.open(file);
    }
    if (head.length > 0 && head[0] == '{') {
      return ShardIndex.open(file);
    }
    throw new ModelException(
        ModelException.Kind.IMPORT,
        file
            + (head.length >= 2 && (head[0] & 0xff) == 0x80
                ? " is a checkpoint in the format of PyTorch before 1.6; load it with torch.load and"
                    + " write it again with torch.save"
                : " is neither a checkpoint of torch.save nor a safetensors file nor an index of"
                    + " such files"));
  }

  /** The length of a header, which begins; that length may look like the start of the others. */
  private static boolean isSafetensors(byte[] head) {
    return head.length == HEAD
        && head[4] == 0
        && head[5] == 0
        && head[6] == 0
        && head[7] == 0
        && head[8] == '{';
  }

  @Override
  public void close() {
    storage.run();
  }

  private static byte[] head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    } catch (NoSuchFileException e) {
      throw new ModelException(ModelException.Kind.IMPORT, file + ": no such file", e);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, file + " cannot be read: " + WholeFile.reason(e), e);
    }
  }
}
