package com.google.gson;

import org.zstack.sdk.Json;

/** A substitute for the library: writes a value as JSON. */
public class Gson {
    public String toJson(Object value) {
        return Json.write(value);
    }
}
