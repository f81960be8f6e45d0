/** Where files are kept: a folder, or an S3-compatible store. */
package io.ait4j.web.store;
