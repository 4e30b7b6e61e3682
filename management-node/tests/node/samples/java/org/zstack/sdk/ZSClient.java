package org.zstack.sdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A substitute for the class of the SDK: sends requests and waits for their jobs. */
public class ZSClient {
    private static final Pattern LOCATION = Pattern.compile("\"location\"\\s*:\\s*\"([^\"]+)\"");
    private static ZSConfig config;

    public static void configure(ZSConfig config) {
        ZSClient.config = config;
    }

    static HttpResponse<String> send(String method, String target, String session, String body) {
        URI uri = URI.create("http://" + config.hostname + ":" + config.port + target);
        HttpRequest.BodyPublisher content =
            body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, content);
        if (session != null) {
            request.header("Authorization", "OAuth " + session);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Matcher location = LOCATION.matcher(answer.body());
            if (answer.statusCode() != 202 || !location.find()) {
                return answer;
            }
            HttpRequest poll = HttpRequest.newBuilder(URI.create(location.group(1))).build();
            while (answer.statusCode() == 202) {
                Thread.sleep(100);
                answer = client.send(poll, HttpResponse.BodyHandlers.ofString());
            }
            return answer;
        } catch (java.io.IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }
}
