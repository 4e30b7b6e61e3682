package org.zstack.sdk;

/** Stands in for the SDK's class: where the management node is. */
public class ZSConfig {
    String hostname;
    int port;

    public static class Builder {
        private final ZSConfig config = new ZSConfig();

        public Builder setHostname(String hostname) {
            config.hostname = hostname;
            return this;
        }

        public Builder setPort(int port) {
            config.port = port;
            return this;
        }

        public ZSConfig build() {
            return config;
        }
    }
}
