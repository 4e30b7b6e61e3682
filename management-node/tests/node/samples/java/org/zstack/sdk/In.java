package org.zstack.sdk;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Where a parameter travels: path, query, body or "top level". */
@Retention(RetentionPolicy.RUNTIME)
@interface In {
    String value();
}
