package org.zstack.sdk;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A text that already is JSON, and a writer for the values of actions. */
public final class Json {
    final String text;

    Json(String text) {
        this.text = text;
    }

    public static String write(Object value) {
        if (value instanceof Json) {
            return ((Json) value).text;
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof String || value instanceof Enum) {
            return quoted(value.toString());
        }
        if (value instanceof List) {
            StringJoiner items = new StringJoiner(",", "[", "]");
            ((List<?>) value).forEach(item -> items.add(write(item)));
            return items.toString();
        }
        StringJoiner members = new StringJoiner(",", "{", "}");
        if (value instanceof Map) {
            ((Map<?, ?>) value).forEach((key, member) -> members.add(quoted(key.toString()) + ":" + write(member)));
            return members.toString();
        }
        // Another object is written with its fields that have values.
        for (Field field : value.getClass().getFields()) {
            Object member = read(field, value);
            if (member != null) {
                members.add(quoted(field.getName()) + ":" + write(member));
            }
        }
        return members.toString();
    }

    static Object read(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            if (letter < ' ' || letter == '"' || letter == '\\' || letter > '~') {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }
}
