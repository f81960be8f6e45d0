package io.ait4j.web.infer;

import java.util.List;
import java.util.Optional;

/** The models that there are to serve. */
public interface ModelSource {
  /** A model by its name: the newest version, or the given one. */
  Optional<ModelFile> find(String name, Optional<String> version);

  /** The newest version of each. */
  List<ModelFile> list();
}
