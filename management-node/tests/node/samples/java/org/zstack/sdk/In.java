package org.zstack.sdk;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The place of a parameter: path, query, body or "top level". */
@Retention(RetentionPolicy.RUNTIME)
@interface In {
    String value();
}
