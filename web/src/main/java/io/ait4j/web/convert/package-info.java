/** What a conversion is, and how one runs in a process of its own. */
package io.ait4j.web.convert;
