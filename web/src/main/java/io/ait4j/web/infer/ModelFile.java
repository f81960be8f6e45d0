package io.ait4j.web.infer;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A model that can be served.
 *
 * @param version a whole number from 1 on, as text
 * @param owner whose it is; {@code server} for those the operator gave
 * @param sha256 of the file: another one is another model
 * @param file where its {@code .aitm} file is, once it is local
 */
public record ModelFile(
    String name, String version, String owner, String sha256, Supplier<Path> file) {}
