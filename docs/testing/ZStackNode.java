import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An extension for JUnit 5: a ZStack management node in a process of its own, on a free port of this
 * machine, for the tests of a class. Before each test, it has the sample inventory again.
 *
 * <p>Copy this file to your tests. The environment variable {@code ZSTACK_NODE} is the path of the
 * program; by default, {@code zstack-node} is looked up in {@code PATH}. Needs Java 11.
 */
public class ZStackNode implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern UUID = Pattern.compile("\"uuid\":\\s*\"([0-9a-f]{32})\"");

    private final List<String> options;
    private Process process;
    private String url;

    /** A node with additional options, such as {@code "--pace", "0.1"}. */
    public ZStackNode(String... options) {
        this.options = List.of(options);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        String program = System.getenv().getOrDefault("ZSTACK_NODE", "zstack-node");
        List<String> command =
                new ArrayList<>(List.of(program, "serve", "--listen", "127.0.0.1:0", "--until-stdin-ends"));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null || !line.startsWith("listening on ")) {
            throw new IllegalStateException("`" + program + "` did not start; it may have printed the reason");
        }
        url = line.substring("listening on ".length());
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException, InterruptedException {
        reset(true);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** The URL, such as {@code http://127.0.0.1:40123}. */
    public String url() {
        return url;
    }

    /** The port, for clients that take it separately. */
    public int port() {
        return URI.create(url).getPort();
    }

    /** Logs in, and returns the UUID of the session. */
    public String logIn(String account, String password) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(password.getBytes(StandardCharsets.UTF_8));
        StringBuilder hash = new StringBuilder();
        for (byte part : digest) {
            hash.append(String.format("%02x", part));
        }
        String body = String.format(
                "{\"logInByAccount\": {\"accountName\": \"%s\", \"password\": \"%s\"}}", account, hash);
        Matcher uuid = UUID.matcher(call("PUT", "/accounts/login", body, null));
        if (!uuid.find()) {
            throw new IllegalStateException("the response to the login has no session");
        }
        return uuid.group(1);
    }

    /**
     * Calls the API, and returns the JSON of the response. Body and session may be null. An error of the
     * API is an exception with the text of the response.
     */
    public String call(String method, String path, String body, String session)
            throws IOException, InterruptedException {
        return send(method, "/zstack/v1" + path, body, "Authorization", session == null ? "" : "OAuth " + session);
    }

    /** Deletes all data, sessions and faults. Then loads the sample inventory, if requested. */
    public void reset(boolean sample) throws IOException, InterruptedException {
        control("DELETE", "/faults", null);
        control("POST", "/reset", "{\"sample\": " + sample + "}");
    }

    /** Loads the text of an inventory file. */
    public void load(String inventory) throws IOException, InterruptedException {
        control("POST", "/inventory", inventory);
    }

    /** Sends a control request, such as {@code control("POST", "/clock", "{\"advance\": 60}")}. */
    public String control(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, "/_node" + path, body, "X-ZStack-Node-Control", "1");
    }

    private String send(String method, String path, String body, String header, String value)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.ofByteArray(new byte[0])
                : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).method(method, publisher);
        request.header("Content-Type", "application/json");
        if (!value.isEmpty()) {
            request.header(header, value);
        }
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
