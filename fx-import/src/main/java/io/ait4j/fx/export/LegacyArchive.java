package io.ait4j.fx.export;

import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.ZipArchive;
import java.util.List;
import java.util.Set;

/** The layout of PyTorch 2.5 to 2.7: a program, and weights as torch.save writes them. */
record LegacyArchive(ZipArchive zip, String root, PickledWeights weights)
    implements ProgramArchive {
  static final String PROGRAM = "serialized_exported_program.json";
  private static final long LARGEST_TEXT = 1L << 30;

  static LegacyArchive of(ZipArchive zip, String root) {
    return new LegacyArchive(
        zip,
        root,
        new PickledWeights(
            zip, List.of(root + "serialized_state_dict.pt", root + "serialized_constants.pt")));
  }

  @Override
  public String programName() {
    return PROGRAM + " of " + zip.source();
  }

  @Override
  public byte[] program() {
    return zip.bytes(root + PROGRAM, LARGEST_TEXT);
  }

  @Override
  public Weight weight(String path) {
    return weights.weight(path);
  }

  @Override
  public Set<String> entries() {
    return weights.entries();
  }
}
