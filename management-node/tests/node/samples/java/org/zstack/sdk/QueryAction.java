package org.zstack.sdk;

import java.util.ArrayList;
import java.util.List;

/** A substitute for the class of the SDK: the parameters of all queries. */
public abstract class QueryAction extends Action {
    public List<String> conditions = new ArrayList<>();
    public Integer limit;
    public Integer start;
    public Boolean count;
    public Boolean replyWithCount;
    public String groupBy;
    public String filterName;
    public String sortBy;
    public String sortDirection;
    public List<String> fields;

    QueryAction(String method, String key, String... paths) {
        super(method, key, paths);
    }

    @Override
    List<String> standardParameters() {
        List<String> query = new ArrayList<>();
        addPairs(query, "q", conditions);
        add(query, "limit", limit);
        add(query, "start", start);
        add(query, "count", count);
        add(query, "replyWithCount", replyWithCount);
        add(query, "groupBy", groupBy);
        add(query, "filterName", filterName);
        add(query, "sort", sortBy == null ? null : ("desc".equals(sortDirection) ? "-" : "+") + sortBy);
        add(query, "fields", fields == null ? null : String.join(",", fields));
        return query;
    }

    private static void add(List<String> query, String name, Object value) {
        if (value != null) {
            addPairs(query, name, value);
        }
    }
}
