package io.ait4j.web;

import io.ait4j.web.infer.ModelFile;
import io.ait4j.web.infer.ModelSource;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.Jobs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The models to serve: those that the operator gave, before those that conversions made. */
final class ConvertedModels implements ModelSource {
  private static final Pattern VERSION = Pattern.compile("[1-9]\\d{0,8}");

  private final List<ModelFile> given;
  private final Jobs jobs;
  private final LocalCopies copies;

  ConvertedModels(List<ModelFile> given, Jobs jobs, LocalCopies copies) {
    this.given = List.copyOf(given);
    this.jobs = jobs;
    this.copies = copies;
  }

  @Override
  public Optional<ModelFile> find(String name, Optional<String> version) {
    Optional<ModelFile> ofServer = given.stream().filter(m -> m.name().equals(name)).findFirst();
    if (ofServer.isPresent()) {
      return ofServer.filter(m -> version.isEmpty() || version.get().equals(m.version()));
    }
    if (version.isPresent() && !VERSION.matcher(version.get()).matches()) {
      return Optional.empty();
    }
    return jobs.findModel(name, version.map(Integer::valueOf)).flatMap(this::model);
  }

  @Override
  public List<ModelFile> list() {
    List<ModelFile> all = new ArrayList<>(given);
    for (Job job : jobs.models()) {
      if (given.stream().noneMatch(m -> m.name().equals(job.modelName()))) {
        model(job).ifPresent(all::add);
      }
    }
    return all;
  }

  private Optional<ModelFile> model(Job job) {
    return job.artifact()
        .map(
            artifact -> {
              Supplier<Path> file = () -> copies.of(artifact.key());
              return new ModelFile(
                  job.modelName(),
                  Integer.toString(job.modelVersion()),
                  job.owner(),
                  artifact.sha256(),
                  file);
            });
  }
}
