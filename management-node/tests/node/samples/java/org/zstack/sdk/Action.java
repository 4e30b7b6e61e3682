package org.zstack.sdk;

import java.lang.reflect.Field;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The base class of the actions. Converts their fields to a request. */
public abstract class Action {
    public String sessionId;
    private final String method;
    private final String[] paths;
    private final String key;

    Action(String method, String key, String... paths) {
        this.method = method;
        this.key = key;
        this.paths = paths;
    }

    /** The answer to a successful request. */
    Json send() {
        Map<String, Object> path = new LinkedHashMap<>();
        List<String> query = new ArrayList<>(standardParameters());
        Map<String, Object> body = new LinkedHashMap<>();
        Map<String, Object> topLevel = new LinkedHashMap<>();
        for (Field field : getClass().getDeclaredFields()) {
            In in = field.getAnnotation(In.class);
            Object value = in == null ? null : Json.read(field, this);
            if (value == null) {
                continue;
            }
            switch (in.value()) {
                case "path":
                    path.put(field.getName(), value);
                    break;
                case "query":
                    addPairs(query, field.getName(), value);
                    break;
                case "body":
                    body.put(field.getName(), value);
                    break;
                default:
                    topLevel.put(field.getName(), value);
            }
        }
        String target = target(path) + (query.isEmpty() ? "" : "?" + String.join("&", query));
        HttpResponse<String> answer = ZSClient.send(method, target, sessionId, body(body, topLevel));
        if (answer.statusCode() >= 400) {
            throw new ApiException(answer.statusCode() + " " + answer.body());
        }
        return new Json(answer.body());
    }

    List<String> standardParameters() {
        return List.of();
    }

    /** Returns the path with the most variables among those whose variables all have values. */
    private String target(Map<String, Object> given) {
        String best = null;
        int most = -1;
        for (String path : paths) {
            String filled = path;
            int count = 0;
            for (Map.Entry<String, Object> entry : given.entrySet()) {
                String variable = "{" + entry.getKey() + "}";
                if (path.contains(variable)) {
                    count += 1;
                    filled = filled.replace(variable, encoded(entry.getValue().toString()));
                }
            }
            if (!filled.contains("{") && count > most) {
                best = filled;
                most = count;
            }
        }
        if (best == null) {
            throw new IllegalStateException("no path of " + List.of(paths) + " for " + given);
        }
        return best;
    }

    private String body(Map<String, Object> below, Map<String, Object> topLevel) {
        if (method.equals("GET") || method.equals("DELETE")) {
            return null;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        if (key != null && !(key.equals("null") && below.isEmpty())) {
            all.put(key, below);
        }
        all.putAll(topLevel);
        return all.isEmpty() ? null : Json.write(all);
    }

    static void addPairs(List<String> query, String name, Object value) {
        if (value instanceof List) {
            ((List<?>) value).forEach(item -> addPairs(query, name, item));
        } else if (value instanceof Map) {
            ((Map<?, ?>) value).forEach((key, entry) -> addPairs(query, name + "." + key, entry));
        } else {
            query.add(encoded(name) + "=" + encoded(value.toString()));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
