package io.ait4j.compiler.build;

import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The headers of all kernels as g++ has read them, beside the header itself, where it finds them.
 * Reading them takes longer than compiling a small kernel. The code that comes of it is the same.
 */
final class PrecompiledHeader {
  private static final Logger LOG = LoggerFactory.getLogger(PrecompiledHeader.class);
  private static final long CACHE_BYTES = 512L << 20;

  static final String NAME = "kernels.h";
  private static final String FILE = NAME + ".gch";
  private static final String DRAFT = "draft.gch";

  /** For fewer files it is not worth making. */
  private static final int WORTH = 3;

  private final FileCache cache;
  private final List<String> command;
  private final SourceFile header;
  private final String key;

  /**
   * @param command the compiler with all flags that the files are compiled with
   * @param identity of the compiler and its flags
   */
  PrecompiledHeader(Path cacheFolder, List<String> command, String identity) {
    cache = new FileCache(cacheFolder, FILE, CACHE_BYTES);
    this.command = command;
    String text = Header.own(NAME).text();
    header = new SourceFile("kernels.cpp", text, Headers.includedBy(List.of(text), List.of()));
    Sha256 hash = new Sha256().add(identity).add(text);
    header.headers().forEach((name, content) -> hash.add(name).add(content));
    key = hash.hex();
  }

  /**
   * Puts it into {@code folder}, where the header already lies, if it is worth it.
   *
   * @param files how many are about to be compiled with it
   * @return whether it is there; if it is not, they compile all the same
   */
  boolean put(Path folder, int files) {
    try {
      Optional<Path> cached = cache.find(key);
      return cached.isPresent() && place(cached.get(), folder) || files >= WORTH && make(folder);
    } catch (IOException | ModelException e) {
      LOG.debug("No precompiled header", e);
      return false;
    }
  }

  /** Links the cached one, or copies it where no link is possible, as to another file system. */
  private static boolean place(Path cached, Path folder) {
    Path file = folder.resolve(FILE);
    try {
      Files.createLink(file, cached);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("No link to the precompiled header", e);
    }
    try {
      Path draft = folder.resolve(DRAFT);
      Files.copy(cached, draft, StandardCopyOption.REPLACE_EXISTING);
      Files.move(draft, file);
      return true;
    } catch (IOException e) {
      LOG.debug("No copy of the precompiled header", e);
      return false;
    }
  }

  private boolean make(Path folder) throws IOException {
    List<String> precompile = new ArrayList<>(command);
    precompile.addAll(List.of("-x", "c++-header", NAME, "-o", DRAFT));
    CompilerProcess.run(precompile, folder);
    Path draft = folder.resolve(DRAFT);
    cache.insert(key, draft);
    Files.move(draft, folder.resolve(FILE));
    return true;
  }
}
