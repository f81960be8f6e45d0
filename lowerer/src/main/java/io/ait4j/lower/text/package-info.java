/** Settings as users write them, on a command line or in a request. */
package io.ait4j.lower.text;
