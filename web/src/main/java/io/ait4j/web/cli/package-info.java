/** The command {@code ait4j serve}. */
package io.ait4j.web.cli;
