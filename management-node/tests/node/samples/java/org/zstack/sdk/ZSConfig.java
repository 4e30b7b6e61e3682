package org.zstack.sdk;

/** A substitute for the class of the SDK: the address of the management node. */
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
