package org.zstack.sdk;

/** A substitute for the class of the SDK: the node has refused the request. */
public class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ApiException(String message) {
        super(message);
    }
}
