package org.zstack.sdk;

/** Stands in for the SDK's class: the node has refused the request. */
public class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ApiException(String message) {
        super(message);
    }
}
