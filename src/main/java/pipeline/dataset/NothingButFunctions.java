package pipeline.dataset;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.apache.commons.jexl3.introspection.JexlPermissions;

/** Lets an expression see the methods of {@link Functions} and nothing else of the Java world. */
final class NothingButFunctions implements JexlPermissions {
    @Override
    public boolean allow(Package pack) {
        return false;
    }

    @Override
    public boolean allow(Class<?> type) {
        return type == Functions.class;
    }

    @Override
    public boolean allow(Constructor<?> constructor) {
        return false;
    }

    @Override
    public boolean allow(Field field) {
        return false;
    }

    @Override
    public boolean allow(Method method) {
        return method.getDeclaringClass() == Functions.class;
    }

    @Override
    public JexlPermissions compose(String... source) {
        return this;
    }
}
